using System.Diagnostics;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Keys;

/// <summary>The secret in the Secret Service of a Linux desktop session (GNOME Keyring, KWallet), by the program <c>secret-tool</c> of libsecret.</summary>
/// <remarks>
/// It is there only where <c>secret-tool</c> is installed and the session bus answers with an unlocked or unlockable keyring: not on a headless server, not under systemd
/// system services, not in a container. There take the machine key or a passphrase. The secret goes to the program through its standard input, never through an argument,
/// which other users could see. What the keyring protects it from is others' accounts and a stolen disk, not programs of the same user.
/// </remarks>
/// <param name="time">The clock of time-outs.</param>
/// <param name="program">The program, by name or path.</param>
/// <param name="busAddress">The address of the session bus; null or empty where there is none.</param>
internal sealed class SecretToolStore(TimeProvider time, string program, string? busAddress) : ISecretStore
{
    private const int KeySize = 32;
    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_unlockTimeout = TimeSpan.FromMinutes(2);
    private static readonly string[] s_attributes = ["application", "agentflow", "key", "machine"];

    /// <summary>The store of this process's session.</summary>
    public static SecretToolStore OfSession(TimeProvider time) => new(time, "secret-tool", Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"));

    /// <inheritdoc/>
    public KeySource Source => KeySource.OperatingSystem;

    /// <inheritdoc/>
    public string Location => "the Secret Service of this desktop session (secret-tool)";

    /// <inheritdoc/>
    public async ValueTask<bool> IsAvailableAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || string.IsNullOrEmpty(busAddress))
            return false;
        try
        {
            // A search that finds nothing ends quietly; a service that does not answer is complained about.
            var answer = await RunAsync(["lookup", "application", "agentflow", "key", "probe"], null, s_probeTimeout, cancellationToken).ConfigureAwait(false);
            return answer.Errors.Length == 0;
        }
        catch (KeyException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> FindAsync(CancellationToken cancellationToken)
    {
        var answer = await RunAsync(["lookup", .. s_attributes], null, s_unlockTimeout, cancellationToken).ConfigureAwait(false);
        if (answer.ExitCode != 0 && answer.Errors.Length == 0)
            return null;
        if (answer.ExitCode != 0)
            throw Refused(answer.Errors);
        byte[] key = new byte[KeySize];
        return Convert.TryFromBase64String(answer.Output.Trim(), key, out int length) && length == KeySize
            ? key
            : throw new KeyException("keys.damaged", "The secret 'AgentFlow machine key' in the keyring is not one of AgentFlow. Remove it with: secret-tool clear application agentflow key machine");
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> GetOrCreateAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken).ConfigureAwait(false) is { } standing)
            return standing;
        byte[] key = new byte[KeySize];
        SecureRandom.Fill(key);
        var answer = await RunAsync(["store", "--label=AgentFlow machine key", .. s_attributes], Convert.ToBase64String(key), s_unlockTimeout, cancellationToken).ConfigureAwait(false);
        CryptographicOperations.ZeroMemory(key);
        if (answer.ExitCode != 0)
            throw Refused(answer.Errors);

        // What stands counts, not what was sent: another process may have stored its own in between.
        return await FindAsync(cancellationToken).ConfigureAwait(false) ?? throw Refused("it did not keep the secret");
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string? input, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        Process process;
        try
        {
            process = Process.Start(start) ?? throw Refused("it did not start");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new KeyException("keys.no-secret-service", $"'{program}' does not start. Install it (Debian: apt install libsecret-tools), or take the machine key or a passphrase.", e);
        }

        using (process)
        {
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(either.Token);
                var errors = process.StandardError.ReadToEndAsync(either.Token);
                await process.StandardInput.WriteAsync(input.AsMemory(), either.Token).ConfigureAwait(false);
                process.StandardInput.Close();
                await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
                return (process.ExitCode, await output.ConfigureAwait(false), (await errors.ConfigureAwait(false)).Trim());
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Refused($"it did not answer within {timeout.TotalSeconds:0} seconds");
            }
            catch (IOException e)
            {
                throw Refused(e.Message);
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
    }

    private static KeyException Refused(string why) =>
        new("keys.no-secret-service", $"The Secret Service refused: {why}. Unlock the keyring of this session, or take the machine key or a passphrase.");
}
