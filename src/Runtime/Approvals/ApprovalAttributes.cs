namespace AgentFlow;

/// <summary>
/// Says that a contract acts only after people approved it: its handler takes <see cref="Approved{T}"/>. May be repeated; every requirement must be met.
/// </summary>
/// <param name="role">The role whose people decide; configuration maps it to agent ids when a thread starts.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class RequiresApprovalAttribute(string role) : Attribute
{
    /// <summary>The role whose people decide.</summary>
    public string Role { get; } = role;

    /// <summary>How many distinct people must say yes.</summary>
    /// <value>1 to 255; the default is 1.</value>
    public int Quorum { get; set; } = 1;

    /// <summary>How long a request may wait, as a duration such as <c>"30m"</c>, <c>"2h"</c> or <c>"7d"</c>.</summary>
    /// <value>The default is 24 hours.</value>
    public string ExpiresAfter { get; set; } = "24h";

    /// <summary>Whether one no refuses the request at once.</summary>
    /// <value>The default is true.</value>
    public bool DenyEnds { get; set; } = true;

    /// <summary>Whether the absence of a handler for <see cref="Rejected{T}"/> or <see cref="Expired{T}"/> is a build error.</summary>
    public bool MustHandle { get; set; }
}

/// <summary>The sentence of the approval card, with members in braces: <c>"Deploy {Service} {Version} to production"</c>.</summary>
/// <param name="template">The sentence.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SummaryAttribute(string template) : Attribute
{
    /// <summary>The sentence.</summary>
    public string Template { get; } = template;
}

/// <summary>Names the member that holds what is true now, so that the card shows <c>old → new</c>.</summary>
/// <param name="member">The member with the present value; it has the same type.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class ChangedFromAttribute(string member) : Attribute
{
    /// <summary>The member with the present value.</summary>
    public string Member { get; } = member;
}
