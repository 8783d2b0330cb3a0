using System.Collections.Immutable;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>Compares a contract with what the lock file says was published of it.</summary>
internal static class LockRule
{
    /// <summary>The property of AGF0012 that holds the block to append to the lock file.</summary>
    public const string EntryProperty = "entry";

    public static void Check(INamedTypeSymbol type, ContractModel model, MessageModel message, EquatableArray<LockEntry> entries, Action<Diagnostic> report)
    {
        string text = ProtoText.Render(model, message);
        string contract = $"{message.Name}@{message.Version}";
        bool isLocked = false;
        foreach (LockEntry entry in entries.Where(e => e.Name == message.Name && e.Version == message.Version))
        {
            if (BreakingChanges.Find(entry.ProtoText, text) is { } change)
            {
                report(Diagnostic.Create(ContractDiagnostics.BreakingChange, type.FirstLocation(), type.Name, contract, change, message.Version + 1));
                return;
            }

            isLocked |= entry.ProtoText == text;
        }

        if (isLocked)
            return;
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty.Add(EntryProperty, LockFile.Render(message.Name, message.Version, text));
        report(Diagnostic.Create(ContractDiagnostics.NotLocked, type.FirstLocation(), properties, type.Name, contract));
    }
}
