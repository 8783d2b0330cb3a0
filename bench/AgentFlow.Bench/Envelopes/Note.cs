namespace AgentFlow.Bench.Envelopes;

/// <summary>A message of usual shape; its text is as long as the case needs.</summary>
/// <param name="Service">A name.</param>
/// <param name="Version">Another.</param>
/// <param name="Number">A number.</param>
/// <param name="At">A time.</param>
/// <param name="Tags">A few short texts.</param>
/// <param name="Text">The rest.</param>
[Message("bench.note")]
[EndsThread]
public sealed partial record Note(string Service, string Version, long Number, DateTimeOffset At, string[] Tags, string Text);
