using System.Text;

namespace AgentFlow.Engine;

/// <summary>What a line of a thread's audit says, beside its time and kind. Its kind is a <see cref="ThreadStepKind"/>.</summary>
internal readonly record struct AuditLine(long Position, string Contract, TimeSpan? Duration, string? Detail)
{
    public byte[] Encode()
    {
        using var stream = new MemoryStream(96);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Position);
        writer.Write(Duration?.Ticks ?? -1);
        writer.Write(Contract);
        writer.Write(Detail ?? "");
        writer.Flush();
        return stream.ToArray();
    }

    public static AuditLine Decode(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false), Encoding.UTF8);
        long position = reader.ReadInt64();
        long ticks = reader.ReadInt64();
        string contract = reader.ReadString();
        string detail = reader.ReadString();
        return new AuditLine(position, contract, ticks < 0 ? null : TimeSpan.FromTicks(ticks), detail.Length == 0 ? null : detail);
    }
}
