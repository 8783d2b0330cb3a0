using System.Reflection;

namespace AgentFlow.Architecture.Tests;

/// <summary>A package can be swapped without breaking a user: its types stay inside its room.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string[] s_ours =
    [
        "AgentFlow", "AgentFlow.Protocol", "AgentFlow.Storage", "AgentFlow.Hub", "AgentFlow.Hub.PostgreSql", "AgentFlow.Storage.PostgreSql", "AgentFlow.PostgreSql",
        "AgentFlow.Testing", "AgentFlow.Wire", "AgentFlow.Client", "AgentFlow.Host",
    ];

    public static TheoryData<string> Assemblies => [.. s_ours];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_third_party_type_stands_in_a_public_signature(string name)
    {
        var foreign = Assembly.Load(name).GetExportedTypes()
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(IsVisible)
            .SelectMany(member => Types(member).Select(type => (member, type)))
            .Where(pair => !IsAllowed(pair.type))
            .Select(pair => $"{pair.member.DeclaringType}.{pair.member.Name}: {pair.type}")
            .Distinct();
        Assert.Empty(foreign);
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };

    private static IEnumerable<Type> Types(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo field => [field.FieldType],
        _ => [],
    };

    private static bool IsAllowed(Type type)
    {
        if (type.HasElementType)
            return IsAllowed(type.GetElementType()!);
        if (type.IsGenericParameter)
            return true;
        if (type.IsGenericType && !type.GetGenericArguments().All(IsAllowed))
            return false;
        string assembly = type.Assembly.GetName().Name!;
        return s_ours.Contains(assembly) || assembly.StartsWith("System.", StringComparison.Ordinal) || assembly.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            || assembly.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal);
    }
}
