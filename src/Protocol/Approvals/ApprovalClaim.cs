using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Approvals;

/// <summary>An agent's word in the thread that it is about to act on a request: an <c>agentflow.claim@1</c> frame.</summary>
/// <param name="Position">The position of the claim's envelope.</param>
/// <param name="Agent">The agent that sent it.</param>
/// <param name="Envelope">E of the claim's envelope: says which device and which store made it.</param>
public sealed record ApprovalClaim(long Position, AgentId Agent, Bytes32 Envelope)
{
    /// <summary>The payload of a claim.</summary>
    /// <param name="requestEnvelope">E of the request's envelope.</param>
    public static byte[] ToPayload(Bytes32 requestEnvelope) => requestEnvelope.ToArray();

    /// <summary>Reads the payload of a claim that may be hostile.</summary>
    /// <param name="frame">A frame of any contract.</param>
    /// <param name="requestEnvelope">E of the request that is claimed, if the result is true.</param>
    public static bool TryParse(in Frame frame, out Bytes32 requestEnvelope)
    {
        bool ok = BuiltInContracts.Matches(frame.Header, BuiltInContracts.Claim) && frame.Payload.Length == Bytes32.Size;
        requestEnvelope = ok ? new Bytes32(frame.Payload) : default;
        return ok;
    }
}
