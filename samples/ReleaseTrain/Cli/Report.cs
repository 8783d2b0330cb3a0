using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReleaseTrain.Cli;

/// <summary>The JSON object that every command prints with <c>--json</c>: always all four parts.</summary>
public sealed record Report(bool Ok, ReportData? Data, ReportError? Error, ReportMeta Meta)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Report Success(string schema, ReportData data) => new(true, data, null, new ReportMeta(schema, null, null));

    public static Report Failure(string schema, ReportData? data, ReportError error) => new(false, data, error, new ReportMeta(schema, null, null));

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}

/// <summary>What the train did.</summary>
public sealed record ReportData(
    string? Thread = null,
    string? Outcome = null,
    IReadOnlyList<ReportStep>? Steps = null,
    ReportApproval? Approval = null,
    string? Receipt = null,
    string? Deployed = null,
    string? Url = null,
    ReportVerification? Verification = null);

/// <summary>One handled message.</summary>
public sealed record ReportStep(string Agent, string Contract, double? DurationMs);

/// <summary>The approval of the run.</summary>
public sealed record ReportApproval(string Id, string Digest, string State, string Summary, IReadOnlyDictionary<string, string> Members);

/// <summary>What a verified receipt says.</summary>
public sealed record ReportVerification(string Thread, string Digest, string Decision, IReadOnlyList<string> Approvers, string Contract, IReadOnlyDictionary<string, string> Members);

/// <summary>What went wrong, by a stable code, and what to do.</summary>
public sealed record ReportError(string Code, string Message, string Hint, bool Retryable = false, IReadOnlyDictionary<string, string>? Details = null);

/// <summary>What the object is.</summary>
public sealed record ReportMeta(string Schema, string? Hub, string? Cursor);
