using System.Text;
using AgentFlow.HubServer.Settings;
using Microsoft.Extensions.Configuration;

namespace AgentFlow.HubServer.Tests.Settings;

/// <summary>What wins over what, and what is said about a setting that makes no sense.</summary>
public sealed class SettingsTests
{
    private static readonly Dictionary<string, string> s_nothing = [];

    [Fact]
    public void A_flag_wins_over_the_environment_and_the_environment_over_the_file_and_the_file_over_the_default()
    {
        var file = Json("""{"Hub": {"SweepRows": 3, "DrainTimeout": "3s", "SweepInterval": "3s"}}""");
        var environment = new Dictionary<string, string> { ["AGENTFLOW_HUB_SWEEP_ROWS"] = "2", ["AGENTFLOW_HUB_DRAIN_TIMEOUT"] = "2s" };
        var settings = Read(new() { ["SweepRows"] = "1" }, environment, file);

        Assert.Equal(1, settings.SweepRows);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.SweepInterval);
        Assert.Equal(["http://127.0.0.1:5080"], settings.Urls);
        Assert.Null(settings.Retention);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("15m", 900_000)]
    [InlineData("1h", 3_600_000)]
    public void A_duration_is_a_number_and_a_unit(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read(new() { ["DrainDelay"] = text }, s_nothing).DrainDelay);

    [Theory]
    [InlineData("DRAIN_DELAY", "5", "such as 30s")]
    [InlineData("DRAIN_DELAY", "-5s", "such as 30s")]
    [InlineData("DRAIN_DELAY", "99999999999d", "such as 30s")]
    [InlineData("RETENTION", "1s", "00:01:00")]
    [InlineData("SWEEP_ROWS", "0", "from 1 to")]
    [InlineData("STORE", "7", "sqlite, postgresql or memory")]
    [InlineData("STORE", "postgresql", "AGENTFLOW_HUB_POSTGRESQL")]
    [InlineData("URLS", ";", "http://127.0.0.1:5080")]
    [InlineData("URLS", "http://127.0.0.1:1;ftp://x", "'ftp://x' is no address")]
    [InlineData("HEALTH_URL", "here", "http://127.0.0.1:5081")]
    [InlineData("BEHIND_PROXY", "maybe", "neither true nor false")]
    [InlineData("TLS_CERTIFICATE", "nowhere.pem", "PEM")]
    [InlineData("OTLP_ENDPOINT", "collector", "http://127.0.0.1:4318")]
    [InlineData("STROE", "sqlite", "AGENTFLOW_HUB_STORE")]
    public void What_makes_no_sense_is_named_with_its_fix(string variable, string value, string fix)
    {
        SettingsReader.Read(new SettingSources(s_nothing, new Dictionary<string, string> { ["AGENTFLOW_HUB_" + variable] = value }, null), out var faults);
        Assert.Contains(faults, fault => fault.Contains(fix, StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("AGENTFLOW_HUB_", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_is_named_at_once_and_a_mistyped_key_of_the_file_is_one()
    {
        var file = Json("""{"Hub": {"SweepRow": 3, "SweepRows": "many"}}""");
        SettingsReader.Read(new SettingSources(new Dictionary<string, string> { ["Store"] = "paper" }, s_nothing, file), out var faults);
        Assert.Collection(
            faults.Order(StringComparer.Ordinal),
            fault => Assert.StartsWith("--store: 'paper'", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("Hub:SweepRow is no setting", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("Hub:SweepRows: 'many'", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void The_standard_variable_of_OpenTelemetry_counts_where_the_hub_s_own_is_empty()
    {
        var environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318" };
        Assert.Equal(new Uri("http://collector:4318"), Read([], environment).OtlpEndpoint);
        environment["AGENTFLOW_HUB_OTLP_ENDPOINT"] = "http://other:4318";
        Assert.Equal(new Uri("http://other:4318"), Read([], environment).OtlpEndpoint);
    }

    private static HubSettings Read(Dictionary<string, string> flags, Dictionary<string, string> environment, IConfiguration? file = null)
    {
        var settings = SettingsReader.Read(new SettingSources(flags, environment, file), out var faults);
        Assert.Empty(faults);
        return settings;
    }

    private static IConfiguration Json(string text) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();
}
