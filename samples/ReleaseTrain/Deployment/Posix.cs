using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ReleaseTrain.Deployment;

/// <summary>The two calls of POSIX that .NET does not offer: renaming a link over another, and asking a process to end.</summary>
internal static partial class Posix
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    /// <summary>Points a link at a target in one step: whoever reads it sees the old target or the new one.</summary>
    public static void SwitchLink(string link, string target)
    {
        string fresh = $"{link}.{Environment.ProcessId}";
        File.Delete(fresh);
        File.CreateSymbolicLink(fresh, target);
        if (Rename(fresh, link) != 0)
            throw new IOException($"'{link}' could not be switched.", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    public static void KillNow(int processId) => _ = Kill(processId, SigKill);

    public static bool IsAlive(int processId) => Kill(processId, 0) == 0;

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
