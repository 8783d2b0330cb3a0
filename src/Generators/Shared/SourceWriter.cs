using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.Generators.Shared;

/// <summary>Writes C# source with "\n" and four spaces of indentation, the same on every machine.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _indentation;

    /// <summary>Writes one line, or several lines of a raw string, each at the present indentation. A null line is left out.</summary>
    public SourceWriter Line(string? text = "")
    {
        if (text is null)
            return this;
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.TrimEnd('\r');
            if (trimmed.Length > 0)
                _text.Append(' ', _indentation * 4).Append(trimmed);
            _text.Append('\n');
        }

        return this;
    }

    /// <summary>Writes a head line, where there is one, and an opening brace, and indents.</summary>
    public SourceWriter Open(string head)
    {
        Line(head.Length == 0 ? null : head).Line("{");
        _indentation++;
        return this;
    }

    /// <summary>Ends a block: a closing brace and what follows it, such as <c>";"</c>.</summary>
    public SourceWriter Close(string after = "")
    {
        _indentation--;
        return Line("}" + after);
    }

    /// <summary>Indents without a brace, such as the arguments of a call.</summary>
    public SourceWriter Indent()
    {
        _indentation++;
        return this;
    }

    public SourceWriter Unindent()
    {
        _indentation--;
        return this;
    }

    public override string ToString() => _text.ToString();

    public SourceText ToSourceText() => SourceText.From(_text.ToString(), Encoding.UTF8);
}
