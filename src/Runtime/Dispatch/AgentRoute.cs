using AgentFlow.Contracts;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Dispatch;

/// <summary>What one agent does with one contract.</summary>
internal sealed class AgentRoute(ContractEntry contract)
{
    public ContractEntry Contract { get; } = contract;

    public HandlerDescriptor? Message { get; private set; }

    public HandlerDescriptor? Approved { get; private set; }

    public HandlerDescriptor? Rejected { get; private set; }

    public HandlerDescriptor? Expired { get; private set; }

    /// <summary>Whether the agent acts on the answer to a gated message.</summary>
    public bool IsGate => (Approved ?? Rejected ?? Expired) is not null;

    public void Add(string agent, HandlerDescriptor handler)
    {
        bool isFree = handler.Kind switch
        {
            HandlerKind.Message => Message is null,
            HandlerKind.Approved => Approved is null,
            HandlerKind.Rejected => Rejected is null,
            _ => Expired is null,
        };
        if (!isFree)
            throw new InvalidOperationException($"Agent '{agent}' has two handlers for '{Contract}'. Keep one of them.");
        if (handler.Kind == HandlerKind.Message && Contract.Descriptor.IsGated)
            throw new InvalidOperationException(
                $"Agent '{agent}' takes the gated contract '{Contract}' without its approval. Take Approved<T> instead (AGF0101).");
        switch (handler.Kind)
        {
            case HandlerKind.Message: Message = handler; break;
            case HandlerKind.Approved: Approved = handler; break;
            case HandlerKind.Rejected: Rejected = handler; break;
            default: Expired = handler; break;
        }
    }
}
