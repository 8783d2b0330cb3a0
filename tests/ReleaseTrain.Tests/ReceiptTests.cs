using ReleaseTrain.Cli;

namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>A receipt proves its decision to somebody who has no store, and proves nothing after any change.</summary>
public sealed class ReceiptTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_receipt_verifies_offline_and_not_after_a_change_of_any_byte()
    {
        var train = new Train(_folder.Path, await _folder.CloneShopAsync());
        string receipt = (await train.RunAsync("--auto-approve", "--json")).Expect(0).Receipt;
        string alone = Directory.CreateDirectory(_folder["elsewhere"]).FullName;
        string copy = Path.Combine(alone, "receipt.afproof");
        File.Copy(receipt, copy);
        File.Copy(Path.Combine(Path.GetDirectoryName(receipt)!, Receipts.TrustFile), Path.Combine(alone, Receipts.TrustFile));

        var verified = (await train.RunAsync("--verify", copy, "--json")).Expect(0);
        Assert.Equal("approved", verified.Data.GetProperty("verification").GetProperty("decision").GetString());

        byte[] bytes = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
        var trust = ReceiptVerification.ReadTrust(Path.Combine(alone, Receipts.TrustFile));
        Assert.Null(ReceiptVerification.Verify(bytes, trust).Error);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << (i % 8));
            Assert.True(ReceiptVerification.Verify(bytes, trust).Error is not null, $"byte {i} may change unnoticed");
            bytes[i] ^= (byte)(1 << (i % 8));
        }

        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(copy, bytes, TestContext.Current.CancellationToken);
        (await train.RunAsync("--verify", copy, "--json")).Expect(9);
    }

    [Fact]
    public async Task A_receipt_of_a_stranger_is_refused()
    {
        var train = new Train(_folder.Path, await _folder.CloneShopAsync());
        string receipt = (await train.RunAsync("--auto-approve", "--json")).Expect(0).Receipt;
        string trust = _folder["others.pub"];
        await File.WriteAllTextAsync(trust, new AgentId(new byte[32]) + "\n", TestContext.Current.CancellationToken);
        (await train.RunAsync("--verify", receipt, "--trust", trust, "--json")).Expect(9);
    }

    [Fact]
    public async Task A_file_that_is_no_receipt_is_refused()
    {
        var train = new Train(_folder.Path, _folder.Path);
        string file = _folder["empty.afproof"];
        await File.WriteAllBytesAsync(file, [], TestContext.Current.CancellationToken);
        (await train.RunAsync("--verify", file, "--json")).Expect(3);
        await File.WriteAllTextAsync(_folder[Receipts.TrustFile], new AgentId(new byte[32]) + "\n", TestContext.Current.CancellationToken);
        (await train.RunAsync("--verify", file, "--json")).Expect(9);
        (await train.RunAsync("--verify", _folder["missing.afproof"], "--json")).Expect(3);
    }
}
