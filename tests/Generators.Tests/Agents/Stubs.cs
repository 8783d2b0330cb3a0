using System.Text.RegularExpressions;
using AgentFlow.Generators.Tests.Harness;

namespace AgentFlow.Generators.Tests.Agents;

internal static partial class Stubs
{
    public static string[] With(params string[] sources) => [.. sources, .. sources.Select(For)];

    private static string For(string source)
    {
        Match ns = Namespace().Match(source);
        var text = new System.Text.StringBuilder("using AgentFlow.SourceGeneration;\n").Append(ns.Success ? $"namespace {ns.Groups[1].Value};\n" : "");
        foreach (Match m in Type().Matches(source))
        {
            string kind = m.Groups[1].Value, name = m.Groups[4].Value, type = m.Groups[3].Value;
            text.Append($"partial {type} {name} {{ public static PayloadCodec<{name}> AgentFlowCodec => null!;\n");
            if (kind == "Message")
                text.Append($"public static MessageDescriptor<{name}> AgentFlowDescriptor {{ get; }} = new() {{ Name = \"{m.Groups[2].Value}\", Version = 1, ProtoText = \"\", SchemaHash = default, JsonSchema = \"\", Codec = null!, MemberTexts = _ => [] }};\n");
            if (kind == "ThreadState")
                text.Append($"public static StateDescriptor<{name}> AgentFlowState {{ get; }} = new() {{ Name = \"{m.Groups[2].Value}\", Version = 1, Codec = null!, Create = () => new() }};\n");
            text.Append("}\n");
        }

        return text.ToString();
    }

    [GeneratedRegex(@"namespace ([\w.]+);")]
    private static partial Regex Namespace();

    [GeneratedRegex("""\[(Message|Payload|ThreadState)(?:\("([^"]*)"[^\]]*)?.*?partial (record|class) (\w+)""", RegexOptions.Singleline)]
    private static partial Regex Type();
}
