using Microsoft.Extensions.Logging;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>Keeps every log of every category and level: its text, its values, its scopes and its exception whole.</summary>
internal sealed class CapturingLogger(CapturedText captured) : ILoggerProvider
{
    public const string Place = "log";

    public ILogger CreateLogger(string categoryName) => new Category(captured, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(CapturedText captured, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            captured.Add(Place, Describe(state));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            captured.Add(Place, $"{logLevel} {name} {eventId} {formatter(state, exception)} {Describe(state)} {exception}");
            foreach (System.Collections.DictionaryEntry entry in exception?.Data ?? new Dictionary<string, string>())
                captured.Add(Place, $"{entry.Key} {entry.Value}");
        }

        private static string Describe(object? state) => state is IEnumerable<KeyValuePair<string, object?>> values
            ? string.Join(' ', values.Select(value => $"{value.Key}={(value.Value is byte[] bytes ? Convert.ToHexString(bytes) : value.Value)}"))
            : $"{state}";
    }
}
