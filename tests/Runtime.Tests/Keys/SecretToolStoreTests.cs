using System.Runtime.Versioning;
using AgentFlow.Keys;

namespace AgentFlow.Runtime.Tests.Keys;

/// <summary>The keyring by way of secret-tool, with a script in its place.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretToolStoreTests : IDisposable
{
    private const string Bus = "unix:path=/nowhere";
    private readonly KeyFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_secret_goes_through_standard_input_and_never_through_an_argument()
    {
        var keyring = Keyring("""
            echo "$@" >> "$0.arguments"
            case "$1" in
              store) cat > "$0.secret" ;;
              lookup) [ "$5" = machine ] && [ -f "$0.secret" ] && cat "$0.secret" ;;
            esac
            """);
        Assert.True(await keyring.IsAvailableAsync(Cancel));
        Assert.Null(await keyring.FindAsync(Cancel));
        byte[] secret = await keyring.GetOrCreateAsync(Cancel);
        Assert.Equal(32, secret.Length);
        Assert.Equal(secret, await keyring.GetOrCreateAsync(Cancel));
        Assert.Equal(secret, await keyring.FindAsync(Cancel));
        string arguments = await File.ReadAllTextAsync(Script + ".arguments", Cancel);
        Assert.DoesNotContain(Convert.ToBase64String(secret), arguments, StringComparison.Ordinal);
        Assert.Contains("store --label=AgentFlow machine key application agentflow key machine", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_not_available()
    {
        var keyring = Keyring("echo 'secret-tool: Cannot autolaunch D-Bus without X11' >&2; exit 1");
        Assert.False(await keyring.IsAvailableAsync(Cancel));
        Assert.Equal("keys.no-secret-service", (await Assert.ThrowsAsync<KeyException>(async () => await keyring.FindAsync(Cancel))).Code);
    }

    [Fact]
    public async Task Without_the_program_or_a_session_bus_it_is_not_available()
    {
        Assert.False(await new SecretToolStore(TimeProvider.System, Path.Combine(_folder.Root, "missing"), Bus).IsAvailableAsync(Cancel));
        Keyring("exit 1");
        Assert.False(await new SecretToolStore(TimeProvider.System, Script, "").IsAvailableAsync(Cancel));
        var e = await Assert.ThrowsAsync<KeyException>(async () => await new SecretToolStore(TimeProvider.System, Path.Combine(_folder.Root, "missing"), Bus).FindAsync(Cancel));
        Assert.Contains("libsecret-tools", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_secret_in_its_place_is_told()
    {
        var keyring = Keyring("echo not-ours");
        Assert.Equal("keys.damaged", (await Assert.ThrowsAsync<KeyException>(async () => await keyring.GetOrCreateAsync(Cancel))).Code);
    }

    private string Script => Path.Combine(_folder.Root, "secret-tool");

    private SecretToolStore Keyring(string body)
    {
        File.WriteAllText(Script, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(Script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new SecretToolStore(TimeProvider.System, Script, Bus);
    }
}
