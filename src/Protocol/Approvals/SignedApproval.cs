using System.Text;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Approvals;

/// <summary>A statement with its signature and its reason: the payload of an <c>agentflow.approval@1</c> frame.</summary>
/// <remarks>
/// Payload = statement 320, signature 64, reason as UTF-8. Any member may carry it. A reason that does not have the hash that was signed is not the
/// signer's: it is dropped, and the vote counts as it is. Immutable.
/// </remarks>
public sealed class SignedApproval
{
    /// <summary>The size of statement and signature in bytes.</summary>
    public const int SignedSize = ApprovalStatement.Size + SigningKey.SignatureSize;

    private readonly byte[] _signed;

    private SignedApproval(ApprovalStatement statement, byte[] signed, string? reason)
    {
        Statement = statement;
        _signed = signed;
        Reason = reason;
    }

    /// <summary>The statement.</summary>
    public ApprovalStatement Statement { get; }

    /// <summary>The reason that the signer gave, or null.</summary>
    public string? Reason { get; }

    /// <summary>The 320 bytes that were signed.</summary>
    public ReadOnlySpan<byte> StatementBytes => _signed.AsSpan(0, ApprovalStatement.Size);

    /// <summary>The 64 bytes of the signature.</summary>
    public ReadOnlySpan<byte> Signature => _signed.AsSpan(ApprovalStatement.Size);

    /// <summary>Statement and signature in one piece.</summary>
    public ReadOnlySpan<byte> SignedBytes => _signed;

    /// <summary>Whether the signature is the approver key's over exactly these 320 bytes: rule 8 of the counting.</summary>
    public bool IsSignatureValid => SigningKey.Verify(Statement.ApproverKey, StatementBytes, Signature);

    /// <summary>Signs a statement; its approver key and reason hash are filled in.</summary>
    /// <param name="statement">What is said.</param>
    /// <param name="reason">Why, or null; an empty text is none.</param>
    /// <param name="approverKey">The person's approver key.</param>
    public static SignedApproval Sign(ApprovalStatement statement, string? reason, SigningKey approverKey)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(approverKey);
        reason = string.IsNullOrEmpty(reason) ? null : reason;
        var signed = statement with
        {
            ApproverKey = approverKey.PublicKey,
            ReasonHash = ApprovalStatement.HashReason(reason is null ? default : Encoding.UTF8.GetBytes(reason)),
        };
        byte[] bytes = new byte[SignedSize];
        signed.Write(bytes);
        approverKey.Sign(bytes.AsSpan(0, ApprovalStatement.Size), bytes.AsSpan(ApprovalStatement.Size));
        return new SignedApproval(signed, bytes, reason);
    }

    /// <summary>Reads the payload of an approval frame; it may be hostile. The signature is not checked here.</summary>
    /// <param name="payload">Statement, signature, reason.</param>
    /// <param name="approval">What it says, or null.</param>
    /// <param name="error">Why it is refused, or <see cref="ProtocolError.None"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> payload, out SignedApproval? approval, out ProtocolError error)
    {
        approval = null;
        error = ProtocolError.Approval;
        if (payload.Length < SignedSize || !ApprovalStatement.TryParse(payload[..ApprovalStatement.Size], out var statement, out error))
            return false;
        var reason = payload[SignedSize..];
        bool isSigners = !reason.IsEmpty && WireText.IsValid(reason) && ApprovalStatement.HashReason(reason) == statement!.ReasonHash;
        approval = new SignedApproval(statement!, payload[..SignedSize].ToArray(), isSigners ? Encoding.UTF8.GetString(reason) : null);
        return true;
    }

    /// <summary>The payload of the frame that carries it.</summary>
    public byte[] ToPayload() => Reason is null ? [.. _signed] : [.. _signed, .. Encoding.UTF8.GetBytes(Reason)];
}
