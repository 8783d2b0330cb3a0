namespace AgentFlow.Generators.Contracts;

/// <summary>Says what makes a shape of a contract unable to stand for an older one. Fields, cases and enum values may be added; nothing else may change.</summary>
internal static class BreakingChanges
{
    /// <summary>The first difference that breaks, or null.</summary>
    public static string? Find(string olderText, string presentText)
    {
        LockedSchema older = LockedSchema.Parse(olderText), present = LockedSchema.Parse(presentText);
        return Compare(older, older.Root, present, present.Root, []);
    }

    private static string? Compare(LockedSchema older, string olderType, LockedSchema present, string presentType, HashSet<(string, string)> seen)
    {
        if (!seen.Add((olderType, presentType)) || older.Find(olderType) is not { } was || present.Find(presentType) is not { } now)
            return null;
        foreach (KeyValuePair<int, LockedSchema.Field> pair in was.OrderBy(static p => p.Key))
        {
            string place = $"{pair.Key} of '{presentType}'";
            if (!now.TryGetValue(pair.Key, out LockedSchema.Field? field))
                return $"number {place} was '{pair.Value.Name}' and is gone";
            if (field.Name != pair.Value.Name)
                return $"number {place} was '{pair.Value.Name}' and is '{field.Name}'";
            (string wasHead, string wasType) = Split(pair.Value.Type);
            (string nowHead, string nowType) = Split(field.Type);
            bool isSameKind = older.Find(wasType) is null ? present.Find(nowType) is null && wasType == nowType : present.Find(nowType) is not null;
            if (wasHead != nowHead || !isSameKind)
                return $"'{field.Name}', number {place}, was '{pair.Value.Type}' and is '{field.Type}'";
            if (Compare(older, wasType, present, nowType, seen) is { } inner)
                return inner;
        }

        return null;
    }

    /// <summary>Splits <c>map&lt;string, Part&gt;</c> into head and type, and <c>repeated Part</c> too.</summary>
    private static (string Head, string Type) Split(string type)
    {
        int space = type.LastIndexOf(' ');
        return (type.Substring(0, space + 1), type.Substring(space + 1).TrimEnd('>'));
    }
}
