using System.Collections.Immutable;

namespace AgentFlow.Runtime.Tests.Canary;

[Payload]
public sealed partial record CanaryPart(string Name, byte[] Data, CanaryPart? Inner);

[Payload]
[Case(1, typeof(CanaryNote))]
[Case(2, typeof(CanaryBlob))]
public abstract partial record CanaryItem(string Label);

[Payload]
public sealed partial record CanaryNote(string Label, string Text) : CanaryItem(Label);

[Payload]
public sealed partial record CanaryBlob(string Label, byte[] Data) : CanaryItem(Label);

/// <summary>A secret in every kind of member that can hold one.</summary>
[Message("canary.start")]
public sealed partial record StartCanary(
    string Title, [Sensitive] string Password, string? Maybe, byte[] Data, ReadOnlyMemory<byte> Memory, Uri Link, CanaryPart Part, CanaryItem Item)
{
    public List<string> Lines { get; init; } = [];

    public ImmutableArray<string> Fixed { get; init; } = [];

    public List<byte[]> Blobs { get; init; } = [];

    public List<CanaryItem> Items { get; init; } = [];

    public Dictionary<string, string> Labels { get; init; } = [];

    public Dictionary<int, string> Names { get; init; } = [];

    public Dictionary<string, CanaryPart> Parts { get; init; } = [];
}

[Message("canary.release"), RequiresApproval("canary-keepers", ExpiresAfter = "2h")]
[Summary("Release {Title} to {Target}")]
public sealed partial record ReleaseCanary(string Title, [Sensitive] string Password, [ChangedFrom(nameof(Live))] string Target, string Live, byte[] Data);

[Message("canary.released"), EndsThread]
public sealed partial record CanaryReleased(string Title, string Reason);

[Message("canary.kept"), EndsThread(ThreadOutcome.Failed)]
public sealed partial record CanaryKept(string Title, string Reason);

[Message("canary.reminder")]
public sealed partial record CanaryReminder(string Text);

[Message("canary.poison")]
public sealed partial record PoisonCanary(string Title, [Sensitive] string Password);

[ThreadState("canary")]
public sealed partial class CanaryState
{
    public string Title { get; set; } = "";

    public byte[] Data { get; set; } = [];

    public List<string> Lines { get; set; } = [];
}
