using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>The expression that makes a value from its members.</summary>
internal static class ConstructionCode
{
    public static string New(ShapeModel shape, Func<MemberModel, string> value, string? unknown)
    {
        string arguments = string.Join(", ", shape.Members.Where(static m => m.InConstructor).Select(value));
        IEnumerable<string> assignments = shape.Members.Where(static m => !m.InConstructor).Select(m => $"{Naming.Identifier(m.Name)} = {value(m)}");
        if (unknown is not null)
            assignments = assignments.Append($"_unknownFields = {unknown}");
        string initializer = string.Join(", ", assignments);
        return $"new {shape.Type}({arguments})" + (initializer.Length == 0 ? "" : $" {{ {initializer} }}");
    }
}
