using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Messages.Health;
using AgentFlow.Wire.Messages.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AgentFlow.Host.Reflection;

/// <summary>The descriptors of what is served, by file and by symbol.</summary>
internal sealed class DescriptorIndex
{
    private static readonly FileDescriptor[] s_served =
    [
        HubReflection.Descriptor, HealthReflection.Descriptor, Wire.Messages.Reflection.ReflectionReflection.Descriptor,
        Wire.Messages.ReflectionAlpha.ReflectionReflection.Descriptor, ErrorDetailsReflection.Descriptor, StatusReflection.Descriptor,
    ];

    private readonly Dictionary<string, FileDescriptor> _files = [];
    private readonly Dictionary<string, FileDescriptor> _symbols = [];

    public DescriptorIndex()
    {
        foreach (var file in s_served)
            Add(file);
        Services = [.. s_served.SelectMany(file => file.Services).Select(service => service.FullName)];
    }

    public IReadOnlyList<string> Services { get; }

    /// <summary>A file and what it imports, serialized, the file first; null where the name is not known.</summary>
    public IReadOnlyList<ByteString>? FindFile(string name) => _files.TryGetValue(name, out var file) ? Closure(file) : null;

    /// <summary>The file of a service, method, message or enum; null where the name is not known.</summary>
    public IReadOnlyList<ByteString>? FindSymbol(string name) => _symbols.TryGetValue(name, out var file) ? Closure(file) : null;

    /// <summary>Whether it is the name of a message.</summary>
    public bool IsMessage(string name) => _symbols.TryGetValue(name, out var file) && Messages(file.MessageTypes).Any(message => message.FullName == name);

    private static List<ByteString> Closure(FileDescriptor file)
    {
        var files = new List<FileDescriptor> { file };
        for (int i = 0; i < files.Count; i++)
            files.AddRange(files[i].Dependencies.Except(files));
        return [.. files.Select(one => one.SerializedData)];
    }

    private static IEnumerable<MessageDescriptor> Messages(IEnumerable<MessageDescriptor> messages) =>
        messages.SelectMany(message => Messages(message.NestedTypes).Prepend(message));

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
            return;
        foreach (var dependency in file.Dependencies)
            Add(dependency);
        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (var method in service.Methods)
                _symbols[method.FullName] = file;
        }

        foreach (var message in Messages(file.MessageTypes))
        {
            _symbols[message.FullName] = file;
            foreach (var nested in message.EnumTypes)
                _symbols[nested.FullName] = file;
        }

        foreach (var type in file.EnumTypes)
            _symbols[type.FullName] = file;
    }
}
