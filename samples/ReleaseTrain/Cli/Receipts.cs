using AgentFlow;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Cli;

/// <summary>Writes the proof of a decision, and beside it whom to trust.</summary>
public sealed class Receipts(IAgentFlow flow, Layout layout)
{
    public const string TrustFile = "approvers.pub";

    /// <summary>Writes the receipt, once; null where nobody decided.</summary>
    public async Task<string?> WriteAsync(ApprovalCard card, CancellationToken cancellationToken)
    {
        if (await flow.Approvals.ExportProofAsync(card.Id, cancellationToken) is not { } proof)
            return null;
        string path = Path.Combine(layout.Receipts, card.Id + ".afproof");
        await WriteAtomicallyAsync(path, proof, cancellationToken);
        string trust = string.Concat(card.Requirements.SelectMany(need => need.Approvers).Distinct().Select(id => id + "\n"));
        await WriteAtomicallyAsync(Path.Combine(layout.Receipts, TrustFile), System.Text.Encoding.UTF8.GetBytes(trust), cancellationToken);
        return path;
    }

    private static async Task WriteAtomicallyAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(path + ".new", bytes, cancellationToken);
        File.Move(path + ".new", path, overwrite: true);
    }
}
