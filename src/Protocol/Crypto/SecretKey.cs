using System.Runtime.InteropServices;

namespace AgentFlow.Protocol.Crypto;

/// <summary>A long-lived secret in guarded native memory: locked, never swapped, zeroed when it is freed.</summary>
/// <remarks>Costs about 24 microseconds and four memory mappings each: hold a few hundred, not thousands. Immutable after creation; safe to share.</remarks>
internal sealed unsafe class SecretKey : SafeHandle
{
    private SecretKey(int length)
        : base(0, ownsHandle: true)
    {
        Length = length;
        _ = Suite.Current;
        SetHandle(Sodium.sodium_malloc((nuint)length));
        if (IsInvalid)
            throw new InsufficientMemoryException(
                "No guarded memory for a key: raise vm.max_map_count or the locked-memory limit (ulimit -l), or hold fewer keys.");
    }

    /// <summary>The size in bytes.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Copies a secret into guarded memory. The caller zeroes its own copy.</summary>
    public static SecretKey Copy(ReadOnlySpan<byte> secret)
    {
        var key = new SecretKey(secret.Length);
        secret.CopyTo(new Span<byte>((void*)key.handle, secret.Length));
        _ = Sodium.sodium_mprotect_readonly(key.handle);
        return key;
    }

    /// <summary>Copies the first bytes of the secret out. The caller zeroes them.</summary>
    public void CopyTo(Span<byte> destination)
    {
        bool isHeld = false;
        try
        {
            DangerousAddRef(ref isHeld);
            new ReadOnlySpan<byte>((void*)handle, Length)[..destination.Length].CopyTo(destination);
        }
        finally
        {
            if (isHeld)
                DangerousRelease();
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Sodium.sodium_free(handle);
        return true;
    }
}
