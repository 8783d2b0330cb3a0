using System.Reflection;
using System.Runtime.InteropServices;

namespace AgentFlow.Protocol.Crypto;

/// <summary>Finds and initialises the native libsodium (1.0.18 or newer).</summary>
internal static class SodiumLibrary
{
    /// <summary>The name used in every import; <see cref="Resolve"/> maps it to the file of the platform.</summary>
    public const string Name = "libsodium";

    private static readonly string[] s_candidates =
        ["libsodium", "libsodium.so.26", "libsodium.so.23", "libsodium.dylib", "/opt/homebrew/lib/libsodium.dylib", "libsodium.dll"];

    private static readonly Lock s_lock = new();
    private static bool s_resolverIsSet;

    /// <summary>Loads and initialises the library.</summary>
    /// <exception cref="DllNotFoundException">No libsodium can be loaded; the message names the install command.</exception>
    /// <exception cref="PlatformNotSupportedException">It is too old or does not initialise.</exception>
    public static void Load()
    {
        lock (s_lock)
        {
            if (!s_resolverIsSet)
                NativeLibrary.SetDllImportResolver(typeof(SodiumLibrary).Assembly, Resolve);
            s_resolverIsSet = true;
        }

        if (Sodium.sodium_init() < 0)
            throw new PlatformNotSupportedException("libsodium was found but does not initialise on this machine.");
        int major = Sodium.sodium_library_version_major(), minor = Sodium.sodium_library_version_minor();
        if (major < 10 || (major == 10 && minor < 3))
            throw new PlatformNotSupportedException(
                $"libsodium is too old (library version {major}.{minor}). AgentFlow needs 1.0.18 or newer (10.3). {InstallHint}");
    }

    internal static string InstallHint =>
        OperatingSystem.IsWindows() ? "Put libsodium.dll (https://doc.libsodium.org/installation) beside the program."
        : OperatingSystem.IsMacOS() ? "Install it with: brew install libsodium"
        : "Install it with: apt-get install libsodium23 (Debian, Ubuntu), dnf install libsodium (Fedora) or apk add libsodium (Alpine).";

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != Name)
            return 0;
        foreach (string candidate in s_candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, searchPath, out nint handle))
                return handle;
        }

        throw new DllNotFoundException($"AgentFlow needs the native library libsodium (1.0.18 or newer), and none can be loaded. {InstallHint}");
    }
}
