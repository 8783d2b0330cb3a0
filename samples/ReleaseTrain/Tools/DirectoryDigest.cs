using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ReleaseTrain.Tools;

/// <summary>SHA-256 over all files of a folder: for each, by ordinal path, the path's length and bytes, the content's length and SHA-256.</summary>
public static class DirectoryDigest
{
    public static async Task<(string Digest, long Bytes)> ComputeAsync(string folder, CancellationToken cancellationToken)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach (var (path, name) in files)
        {
            await using var stream = File.OpenRead(path);
            byte[] content = await SHA256.HashDataAsync(stream, cancellationToken);
            AppendLength(all, Encoding.UTF8.GetByteCount(name));
            all.AppendData(Encoding.UTF8.GetBytes(name));
            AppendLength(all, stream.Length);
            all.AppendData(content);
            bytes += stream.Length;
        }

        return ("sha256:" + Convert.ToHexStringLower(all.GetHashAndReset()), bytes);
    }

    private static void AppendLength(IncrementalHash hash, long length)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        hash.AppendData(bytes);
    }
}
