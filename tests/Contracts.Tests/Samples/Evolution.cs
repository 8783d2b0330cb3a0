namespace AgentFlow.Contracts.Tests.Samples;

/// <summary>A contract as it was published.</summary>
[Message("evolution.before")]
public sealed partial record Before(string Service, Nested Inner);

/// <summary>The same fields, and more that came later.</summary>
[Message("evolution.after")]
public sealed partial record After(string Service, NestedAfter Inner, int Retries, Nested Added, List<string> Tags);

[Payload]
public sealed partial record Nested(int Value);

[Payload]
public sealed partial record NestedAfter(int Value, string Note);

[Message("evolution.deploy")]
public sealed partial record DeployV1(string Name);

/// <summary>Asks to deploy a service. The rest of this text is for the reader of the code.</summary>
/// <param name="Service">What to deploy. It must be known.</param>
/// <param name="Version">The new version.</param>
/// <param name="Live">The version that runs now.</param>
/// <param name="Risk">How much can go wrong.</param>
/// <param name="Password">What opens the door.</param>
/// <param name="Parts">What it consists of.</param>
[Message("evolution.deploy", Version = 2)]
[RequiresApproval("managers", Quorum = 2, ExpiresAfter = "1h30m", DenyEnds = false)]
[RequiresApproval("security")]
[Summary("Deploy {Service} {Version} with {Password} at {{{Risk}}}")]
[MaxHops(3)]
public sealed partial record DeployV2(
    string Service, [ChangedFrom(nameof(Live))] string Version, string? Live, Risk Risk, [Sensitive] string Password, IReadOnlyList<Part> Parts)
{
    [UpcastFrom(1)]
    public static DeployV2 From(DeployV1 old) => new(old.Name, "0", null, Risk.Low, "", []);
}

[Message("evolution.done")]
[EndsThread(ThreadOutcome.Failed)]
[Route("elsewhere")]
public sealed partial record Done;

/// <summary>A state that a handler changes in place.</summary>
[ThreadState("evolution.state", Version = 4)]
public sealed partial class State
{
    public int Count { get; set; } = 5;

    public List<string> Names { get; set; } = ["first"];
}
