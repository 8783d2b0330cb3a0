namespace AgentFlow;

/// <summary>A person of this installation: an agent whose key may approve.</summary>
public sealed class PersonOptions
{
    /// <summary>The name: lower case letters, digits and hyphens, 1 to 64 characters, used by no other agent.</summary>
    public string Name { get; set; } = "";

    /// <summary>The roles that the person has, as <c>[RequiresApproval]</c> names them.</summary>
    public IList<string> Roles { get; set; } = [];
}
