using System.Diagnostics;

namespace AgentFlow.Protocol.Tests.Vectors;

public sealed class SecondImplementationTests
{
    [Fact]
    public async Task The_vectors_are_what_the_second_implementation_writes()
    {
        string? generator = Find("tests/vectors/make_vectors.py");
        Assert.SkipWhen(generator is null || !await HasPythonAsync(), "Needs the repository, Python 3.11 and its package cryptography.");
        var (exitCode, output) = await RunAsync(generator, "--check");
        Assert.True(exitCode == 0, output);
    }

    private static async Task<bool> HasPythonAsync() => File.Exists("/usr/bin/python3") && (await RunAsync("-c", "import sys, cryptography; assert sys.version_info >= (3, 11)")).ExitCode == 0;

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    private static string? Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, path);
            if (File.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
