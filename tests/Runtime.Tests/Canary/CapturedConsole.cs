using System.Text;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>Keeps what is written to the console while it lives; the console gets it too.</summary>
internal sealed class CapturedConsole : IDisposable
{
    public const string Out = "standard output";
    public const string Error = "standard error";

    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;

    public CapturedConsole(CapturedText captured)
    {
        Console.SetOut(new Tee(captured, Out, _out));
        Console.SetError(new Tee(captured, Error, _error));
    }

    public void Dispose()
    {
        Console.SetOut(_out);
        Console.SetError(_error);
    }

    private sealed class Tee(CapturedText captured, string place, TextWriter inner) : TextWriter
    {
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => inner.Encoding;

        // TextWriter brings every other way of writing down to this one.
        public override void Write(char value)
        {
            inner.Write(value);
            lock (_line)
            {
                _line.Append(value);
                if (value != '\n')
                    return;
                captured.Add(place, _line.ToString());
                _line.Clear();
            }
        }
    }
}
