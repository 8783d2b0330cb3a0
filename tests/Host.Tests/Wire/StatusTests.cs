using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Headers;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Tests.Wire;

/// <summary>Status codes, details, messages and deadlines as text.</summary>
public sealed class StatusTests
{
    [Fact]
    public void Every_answer_of_the_hub_has_a_number_a_code_a_reason_and_a_sentence()
    {
        foreach (var status in Enum.GetValues<HubStatus>().Where(status => status != HubStatus.Ok))
        {
            Assert.Equal(status.ToString(), ((Refusal)status).ToString());
            Assert.NotEqual(GrpcStatusCode.Ok, RefusalCodes.CodeOf(status));
            Assert.True(RefusalCodes.TryFind(RefusalCodes.ReasonOf(status), out var found));
            Assert.Equal(status, found);
            Assert.EndsWith(".", RefusalCodes.SentenceOf(status));
            Assert.Equal(status, StatusDetails.Decode(StatusDetails.Encode(GrpcStatus.Refused(status))));
        }

        Assert.Equal(Enum.GetValues<HubStatus>().Length, Enum.GetValues<Refusal>().Length);
        var names = HubReflection.Descriptor.EnumTypes.Single(type => type.Name == "Refusal").Values.Skip(1).Select(value => value.Name);
        Assert.Equal(names, Enum.GetValues<HubStatus>().Skip(1).Select(RefusalCodes.ReasonOf));
    }

    [Fact]
    public void Details_are_a_google_rpc_Status_with_an_ErrorInfo_in_base64_without_padding()
    {
        var status = new GrpcStatus(GrpcStatusCode.NotFound, "no", HubStatus.NotFound);
        byte[] info = [0x0A, 9, .. "NOT_FOUND"u8, 0x12, 13, .. "agentflow.hub"u8];
        byte[] type = [.. "type.googleapis.com/google.rpc.ErrorInfo"u8];
        byte[] any = [0x0A, (byte)type.Length, .. type, 0x12, (byte)info.Length, .. info];
        byte[] details = [0x08, 5, 0x12, 2, .. "no"u8, 0x1A, (byte)any.Length, .. any];

        string text = StatusDetails.Encode(status);
        Assert.Equal(Convert.ToBase64String(details).TrimEnd('='), text);
        Assert.Equal(HubStatus.NotFound, StatusDetails.Decode(Convert.ToBase64String(details)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("AAAA")]
    [InlineData("CAU")]
    [InlineData("x")]
    public void Details_that_are_none_of_ours_say_nothing(string text) => Assert.Equal(HubStatus.Ok, StatusDetails.Decode(text));

    [Theory]
    [InlineData("plain text, with marks: ~!", "plain text, with marks: ~!")]
    [InlineData("100 %", "100 %25")]
    [InlineData("zwölf\n", "zw%C3%B6lf%0A")]
    [InlineData("\u20AC", "%E2%82%AC")]
    public void A_message_is_percent_encoded_UTF8(string message, string encoded)
    {
        Assert.Equal(encoded, StatusText.Encode(message));
        Assert.Equal(message, StatusText.Decode(encoded));
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%41ö", "Aö")]
    public void What_is_no_escape_stands_for_itself(string encoded, string message) => Assert.Equal(message, StatusText.Decode(encoded));

    [Theory]
    [InlineData("1n", 1)]
    [InlineData("100n", 1)]
    [InlineData("101n", 2)]
    [InlineData("5u", 50)]
    [InlineData("250m", 2_500_000)]
    [InlineData("10S", 100_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("0S", 0)]
    [InlineData("99999999H", 24 * 864_000_000_000)]
    public void A_timeout_is_digits_and_a_unit(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData("1s")]
    [InlineData(" 1S")]
    [InlineData("123456789S")]
    [InlineData("\u0661S")]
    public void What_is_no_timeout_is_refused(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0n")]
    [InlineData(1, "100n")]
    [InlineData(999_999, "99999900n")]
    [InlineData(1_000_000, "100000u")]
    [InlineData(300_000_000, "30000000u")]
    [InlineData(864_000_000_000, "86400000m")]
    [InlineData(long.MaxValue, "99999999H")]
    public void A_timeout_is_written_in_the_finest_unit_that_holds_it_and_never_shortened(long ticks, string text)
    {
        Assert.Equal(text, GrpcTimeout.Format(new TimeSpan(ticks)));
        Assert.True(GrpcTimeout.TryParse(text, out var parsed));
        Assert.True(parsed.Ticks >= Math.Min(ticks, GrpcTimeout.Longest.Ticks));
    }
}
