using System.Text;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>Looks for bytes in all files of a folder: as they are, and as people's tools would write them.</summary>
internal static class FileScan
{
    /// <summary>Finds the bytes in any form; each hit is "file: form".</summary>
    public static IReadOnlyList<string> Find(string folder, byte[] canary)
    {
        var hits = new List<string>();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            byte[] content = Read(file);
            hits.AddRange(Forms(canary).Where(form => content.AsSpan().IndexOf(form.Bytes) >= 0).Select(form => $"{Path.GetFileName(file)}: {form.Name}"));
        }

        return hits;
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Forms(byte[] canary)
    {
        yield return ("raw", canary);
        yield return ("reversed", [.. canary.Reverse()]);
        foreach (string hex in (string[])[Convert.ToHexString(canary), Convert.ToHexStringLower(canary)])
        {
            yield return ("hex", Encoding.ASCII.GetBytes(hex));
            yield return ("hex in UTF-16", Encoding.Unicode.GetBytes(hex));
        }

        // In the middle of a longer text, base64 depends on the bytes before: three alignments, edges cut.
        for (int skip = 0; skip < 3; skip++)
        {
            string base64 = Convert.ToBase64String(canary, skip, (canary.Length - skip) / 3 * 3);
            yield return ("base64", Encoding.ASCII.GetBytes(base64));
            yield return ("base64 in UTF-16", Encoding.Unicode.GetBytes(base64));
        }
    }

    /// <summary>Reads a file that the store may have open and locked.</summary>
    private static byte[] Read(string file)
    {
        if (file.EndsWith(".lock", StringComparison.Ordinal))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
