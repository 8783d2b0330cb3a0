using System.Globalization;

namespace AgentFlow.HubServer.Settings;

/// <summary>Makes settings of texts, and says of each that makes no sense how to mend it.</summary>
public sealed class SettingsReader
{
    private const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private readonly SettingSources _sources;
    private readonly List<string> _faults = [];

    private SettingsReader(SettingSources sources) => _sources = sources;

    /// <summary>Reads all settings.</summary>
    /// <param name="sources">What was said.</param>
    /// <param name="faults">What is wrong; empty if nothing is.</param>
    public static HubSettings Read(SettingSources sources, out IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var reader = new SettingsReader(sources);
        reader._faults.AddRange(sources.Unknown());
        var settings = reader.Read();
        faults = reader._faults;
        return settings;
    }

    private HubSettings Read()
    {
        var urls = Addresses(KnownSettings.Urls, KnownSettings.Urls.Default);
        if (urls.Length == 0)
            _faults.Add($"{_sources.Find(KnownSettings.Urls).Origin} is empty. Give an address, such as {KnownSettings.Urls.Default}.");
        var store = Store();
        var (certificate, key) = (File(KnownSettings.TlsCertificate), File(KnownSettings.TlsKey));
        if (certificate is null != key is null)
            _faults.Add($"{KnownSettings.TlsCertificate.Flag} and {KnownSettings.TlsKey.Flag} belong together. Give both, or none.");
        return new HubSettings
        {
            Store = store,
            Directory = Path.GetFullPath(Text(KnownSettings.Data) ?? Missing(KnownSettings.Data, "Name a folder, such as .agentflow.")),
            Postgresql = Database(store),
            PostgresqlListen = Text(KnownSettings.PostgresqlListen),
            Urls = urls,
            HealthUrl = HealthUrl(),
            TlsCertificate = certificate,
            TlsKey = key,
            IsBehindProxy = Switch(KnownSettings.BehindProxy),
            Origins = Addresses(KnownSettings.Origin, "https://hub.example.org"),
            AgentRate = Number(KnownSettings.AgentRate, 0, 1_000_000),
            AddressRate = Number(KnownSettings.AddressRate, 0, 1_000_000),
            Retention = Text(KnownSettings.Retention) is null ? null : Duration(KnownSettings.Retention, TimeSpan.FromMinutes(1), TimeSpan.FromDays(36_500)),
            SweepInterval = Duration(KnownSettings.SweepInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            SweepRows = Number(KnownSettings.SweepRows, 1, 100_000),
            DrainDelay = Duration(KnownSettings.DrainDelay, TimeSpan.Zero, TimeSpan.FromHours(1)),
            DrainTimeout = Duration(KnownSettings.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1)),
            OtlpEndpoint = Endpoint(),
        };
    }

    private StoreKind Store()
    {
        var (text, origin) = _sources.Find(KnownSettings.Store);
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out _) && Enum.TryParse<StoreKind>(text, ignoreCase: true, out var store))
            return store;
        _faults.Add($"{origin}: '{text}' is no store. Give sqlite, postgresql or memory.");
        return StoreKind.Sqlite;
    }

    private string? Database(StoreKind store)
    {
        string? text = Text(KnownSettings.Postgresql);
        if (store == StoreKind.Postgresql && text is null)
        {
            string variable = KnownSettings.Postgresql.Variable;
            Missing(KnownSettings.Postgresql, $"The store is postgresql: set {variable}, for example to Host=db;Username=agentflow;Database=agentflow.");
        }

        return text;
    }

    private string[] Addresses(Setting setting, string example)
    {
        var (text, origin) = _sources.Find(setting);
        string[] addresses = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string address in addresses)
            Check(address, origin, example);
        return addresses;
    }

    private string? HealthUrl()
    {
        string? url = Text(KnownSettings.HealthUrl);
        if (url is not null)
            Check(url, _sources.Find(KnownSettings.HealthUrl).Origin, "http://127.0.0.1:5081");
        return url;
    }

    private Uri? Endpoint()
    {
        var (text, origin) = _sources.Find(KnownSettings.OtlpEndpoint);
        if (text.Length == 0)
            (text, origin) = (_sources.Variable(StandardEndpoint) ?? "", StandardEndpoint);
        return text.Length == 0 ? null : Check(text, origin, "http://127.0.0.1:4318");
    }

    private Uri? Check(string text, string origin, string example)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        _faults.Add($"{origin}: '{text}' is no address. Give scheme, host and port, such as {example}.");
        return null;
    }

    private string? File(Setting setting)
    {
        if (Text(setting) is not { } path)
            return null;
        string full = Path.GetFullPath(path);
        if (!System.IO.File.Exists(full))
            _faults.Add($"{_sources.Find(setting).Origin}: there is no file {full}. Name a file in PEM that this user may read.");
        return full;
    }

    private bool Switch(Setting setting)
    {
        var (text, origin) = _sources.Find(setting);
        if (bool.TryParse(text, out bool isOn))
            return isOn;
        _faults.Add($"{origin}: '{text}' is neither true nor false.");
        return false;
    }

    private TimeSpan Duration(Setting setting, TimeSpan least, TimeSpan most)
    {
        var (text, origin) = _sources.Find(setting);
        if (DurationText.TryParse(text, out var duration) && duration >= least && duration <= most)
            return duration;
        _faults.Add($"{origin}: '{text}' is no duration from {least:c} to {most:c}. Give a number and a unit (ms, s, m, h, d), such as 30s.");
        return least;
    }

    private int Number(Setting setting, int least, int most)
    {
        var (text, origin) = _sources.Find(setting);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
            return number;
        _faults.Add($"{origin}: '{text}' is no number from {least} to {most}.");
        return least;
    }

    private string? Text(Setting setting) => _sources.Find(setting).Text.Trim() is { Length: > 0 } text ? text : null;

    private string Missing(Setting setting, string fix)
    {
        _faults.Add($"{_sources.Find(setting).Origin} is empty. {fix}");
        return ".";
    }
}
