using System.Buffers.Binary;
using AgentFlow.Keys;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Runtime.Tests.Keys;

/// <summary>The format of the device key file: hostile bytes give a result, and cost no gigabytes.</summary>
public sealed class DeviceKeyFileTests
{
    private static readonly byte[] s_secret = Store.StoreData.Bytes(32);

    [Fact]
    public void A_file_is_refused_at_every_flipped_bit_and_every_length()
    {
        using var key = DeviceStorageKey.Generate();
        byte[] file = DeviceKeyFile.SealBySecret(key, KeySource.MachineKey, s_secret);
        Assert.Equal(DeviceKeyFile.Size, file.Length);
        Assert.True(DeviceKeyFile.TryOpen(file, s_secret, out var opened, out _));
        Assert.Equal(key.Span.ToArray(), opened!.Span.ToArray());
        opened.Dispose();
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            byte[] bad = [.. file];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(DeviceKeyFile.TryOpen(bad, s_secret, out var none, out var error));
            Assert.Null(none);
            Assert.NotEqual(KeyFileError.None, error);
        }

        for (int length = 0; length < file.Length; length++)
            Assert.False(DeviceKeyFile.TryOpen(file.AsSpan(0, length), s_secret, out _, out _));
    }

    [Theory]
    [InlineData((64 << 10) - 1, 3, 1)]
    [InlineData((1 << 20) + 1, 3, 1)]
    [InlineData(-1, 3, 1)]
    [InlineData(64 << 10, 2, 1)]
    [InlineData(64 << 10, 17, 1)]
    [InlineData(64 << 10, int.MaxValue, 1)]
    [InlineData(64 << 10, 3, 2)]
    public void Weak_and_ruinous_parameters_are_refused_before_any_work(int memoryKiB, int passes, byte parallelism)
    {
        byte[] file = new byte[DeviceKeyFile.Size];
        "AFDK\x01\x01"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(6), memoryKiB);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), passes);
        file[14] = parallelism;
        Assert.False(DeviceKeyFile.TryOpen(file, "x"u8, out _, out var error));
        Assert.Equal(KeyFileError.Parameters, error);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(5, 0)]
    [InlineData(5, 4)]
    public void An_unknown_version_or_source_is_told(int offset, byte value)
    {
        using var key = DeviceStorageKey.Generate();
        byte[] file = DeviceKeyFile.SealBySecret(key, KeySource.MachineKey, s_secret);
        file[offset] = value;
        Assert.False(DeviceKeyFile.TryReadSource(file, out _, out var error));
        Assert.Equal(KeyFileError.Version, error);
    }

    [Fact]
    public void A_golden_file_opens()
    {
        byte[] secret = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        byte[] file = Convert.FromHexString(Golden);
        Assert.True(DeviceKeyFile.TryOpen(file, secret, out var key, out _));
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (byte)(0xA0 + i)), key!.Span.ToArray());
        key.Dispose();
    }

    private const string Golden = "4146444B0102000000000000000000404142434445464748494A4B4C4D4E4F606162636465666768696A6B10CF836F59B840401CFF638708495F2B611E09F2B84D4CA803488F5C2D579F84B56722448C91E4662E626674889E2398";
}
