namespace AgentFlow.Hub.Stores;

/// <summary>What is left of a body that expired or was trimmed: its first and last bytes, joined.</summary>
internal static class HiddenBody
{
    public static byte[] Of(ReadOnlySpan<byte> body, int keepHead, int keepTail)
    {
        if (keepHead + keepTail >= body.Length)
            return body.ToArray();
        byte[] rest = new byte[keepHead + keepTail];
        body[..keepHead].CopyTo(rest);
        body[(body.Length - keepTail)..].CopyTo(rest.AsSpan(keepHead));
        return rest;
    }
}
