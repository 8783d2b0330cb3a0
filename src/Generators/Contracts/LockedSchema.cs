using System.Globalization;

namespace AgentFlow.Generators.Contracts;

/// <summary>The messages and enums of a <c>.proto</c> that <see cref="ProtoText"/> rendered.</summary>
internal sealed class LockedSchema
{
    private readonly Dictionary<string, Dictionary<int, Field>> _types = new(StringComparer.Ordinal);

    private LockedSchema()
    {
    }

    /// <summary>The name of the first message, which is the contract's own.</summary>
    public string Root { get; private set; } = "";

    /// <summary>The fields or enum values of a type, by number; null for a scalar.</summary>
    public IReadOnlyDictionary<int, Field>? Find(string type) => _types.TryGetValue(type, out Dictionary<int, Field>? fields) ? fields : null;

    public static LockedSchema Parse(string text)
    {
        var schema = new LockedSchema();
        Dictionary<int, Field>? fields = null;
        bool isEnum = false;
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            bool isMessage = line.StartsWith("message ", StringComparison.Ordinal);
            if (isMessage || line.StartsWith("enum ", StringComparison.Ordinal))
            {
                string name = line.Split(' ')[1];
                if (isMessage && schema.Root.Length == 0)
                    schema.Root = name;
                schema._types[name] = fields = [];
                isEnum = !isMessage;
            }
            else if (fields is not null && line.EndsWith(";", StringComparison.Ordinal) && !line.StartsWith("option ", StringComparison.Ordinal))
            {
                int equals = line.LastIndexOf(" = ", StringComparison.Ordinal);
                if (equals < 0 || !int.TryParse(line.Substring(equals + 3).TrimEnd(';'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
                    continue;
                string declaration = line.Substring(0, equals);
                int space = declaration.LastIndexOf(' ');
                var field = new Field(isEnum ? "" : declaration.Substring(0, Math.Max(space, 0)), declaration.Substring(space + 1));
                if (!fields.ContainsKey(number))
                    fields.Add(number, field);
            }
        }

        return schema;
    }

    /// <summary>A field or an enum value.</summary>
    /// <param name="Type">The type with its label, such as <c>repeated Part</c>.</param>
    /// <param name="Name">The name.</param>
    internal sealed record Field(string Type, string Name);
}
