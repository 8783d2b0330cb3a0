using System.Collections;
using System.Reflection;

namespace AgentFlow.Generators.Tests.Harness;

/// <summary>Walks a value by reflection and finds symbols, syntax, locations and compilations, which would keep a whole compilation alive in the generator's cache.</summary>
internal static class RoslynObjects
{
    public static void AssertNone(object? value, string step) => Walk(value, step, new HashSet<object>(ReferenceEqualityComparer.Instance));

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType() is { IsPrimitive: true } or { IsEnum: true } || !seen.Add(value))
            return;
        Type type = value.GetType();
        Assert.False(type.Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true, $"{path} holds a {type}.");
        Assert.False(type.IsArray && path.IndexOf('.', "AgentFlow.".Length) < 0, $"{path} is a plain array, which does not compare by its elements.");
        if (value is IEnumerable items && type.Namespace?.StartsWith("AgentFlow", StringComparison.Ordinal) != true)
        {
            int index = 0;
            foreach (object? item in items)
                Walk(item, $"{path}[{index++}]", seen);
            return;
        }

        for (Type? level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (FieldInfo field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                Walk(field.GetValue(value), path + "." + field.Name, seen);
        }
    }
}
