using System.Security.Cryptography;

namespace AgentFlow.Protocol.Crypto;

/// <summary>BLAKE2b in pieces: feed spans one after the other, then finish once.</summary>
/// <remarks>
/// Reference: RFC 7693; sequential, salt and personalisation zero, output 32 or 64 bytes. The state lives in memory of the caller, on the stack:
/// <c>var hash = new Blake2b(stackalloc byte[Blake2b.WorkspaceSize]);</c>. Finishing zeroes it.
/// </remarks>
public readonly ref struct Blake2b
{
    /// <summary>How many bytes the constructor needs.</summary>
    public const int WorkspaceSize = StateSize + Alignment;

    internal const int StateSize = 384;
    private const int Alignment = 64;
    private readonly Span<byte> _state;

    /// <summary>Starts an AF1 hash without a key: 32 bytes out.</summary>
    /// <param name="workspace"><see cref="WorkspaceSize"/> bytes, on the stack.</param>
    /// <param name="label">One of <see cref="Labels"/>.</param>
    public Blake2b(Span<byte> workspace, ReadOnlySpan<byte> label)
        : this(workspace, [], Bytes32.Size)
    {
        if (label.Length != Labels.Size)
            throw new ArgumentException($"Take the label from {nameof(Labels)}: {Labels.Size} bytes.", nameof(label));
        Add(label);
    }

    /// <param name="workspace">Memory on the stack.</param>
    /// <param name="key">0 or 32 bytes.</param>
    /// <param name="outputLength">32 or 64.</param>
    internal Blake2b(Span<byte> workspace, ReadOnlySpan<byte> key, int outputLength)
    {
        _state = Align(workspace);
        Suite.Current.HashInit(_state, key, outputLength);
    }

    /// <summary>Feeds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
            Suite.Current.HashUpdate(_state, bytes);
    }

    /// <summary>Feeds a little-endian 32-bit number.</summary>
    public void Add(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Add(bytes);
    }

    /// <summary>Feeds a little-endian 64-bit number.</summary>
    public void Add(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Add(bytes);
    }

    /// <summary>Ends the hash and zeroes the state.</summary>
    public Bytes32 Finish()
    {
        Span<byte> output = stackalloc byte[Bytes32.Size];
        Finish(output);
        return new Bytes32(output);
    }

    /// <summary>Ends the hash and zeroes the state.</summary>
    internal void Finish(Span<byte> output)
    {
        Suite.Current.HashFinal(_state, output);
        CryptographicOperations.ZeroMemory(_state);
    }

    private static unsafe Span<byte> Align(Span<byte> workspace)
    {
        if (workspace.Length < WorkspaceSize)
            throw new ArgumentException($"The workspace needs {WorkspaceSize} bytes.", nameof(workspace));
        fixed (byte* start = workspace)
            return workspace.Slice((int)(-(nint)start & (Alignment - 1)), StateSize);
    }
}
