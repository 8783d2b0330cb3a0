using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Tests.Frames;

public sealed class ContractTests
{
    // BLAKE2b-256 of the label, zero-padded to 16 bytes, and the input; computed with another implementation (Python's hashlib).
    [Theory]
    [InlineData("agentflow.approval", "b719d8026f563269105e53aca39ccb1f")]
    [InlineData("agentflow.claim", "e6f8ae9e7cca4deb618fbf4028886628")]
    [InlineData("agentflow.idlog", "295ecb3bf41868392cf81dab3990385e")]
    [InlineData("agentflow.leaf", "fe6c100e068fd076d0d45184a2d51327")]
    [InlineData("release.deploy", "f338042f691e56743aef34ea224cd6e0")]
    public void A_contract_id_is_the_documented_hash(string name, string hex) => Assert.Equal(hex, ContractIds.Of(name).ToString());

    [Fact]
    public void A_schema_hash_is_the_documented_hash() =>
        Assert.Equal("9d64828eebaef2e0d8721a067f72e04d942012572d1d93fcdabb8069c9b8c206", SchemaHash.Of("syntax = \"proto3\";\n").ToString());

    [Fact]
    public void A_catalogue_hash_does_not_depend_on_the_order_or_on_repeats()
    {
        CatalogueEntry a = new(ContractIds.Of("a"), 1, 0, FrameCodec.Protobuf, SchemaHash.Of("a"));
        CatalogueEntry b = new(ContractIds.Of("b"), 2, 0, FrameCodec.Protobuf, SchemaHash.Of("b"));
        Assert.Equal(Catalogue.Hash([a, b]), Catalogue.Hash([b, a, a]));
        Assert.NotEqual(Catalogue.Hash([a]), Catalogue.Hash([a, b]));
        Assert.Equal("c27c86c4821ceddc83830f9930f0863394ece0809f88346e12d9503611747c62", Catalogue.Hash([a, b]).ToString());
        Assert.Equal("7f82d0517fe0737b9eefe3962a94571cce19b1793e3a2ad91c24126b33698152", Catalogue.Hash([]).ToString());
    }

    [Fact]
    public void A_built_in_frame_must_be_of_the_one_version_and_form()
    {
        var header = BuiltInContracts.Header(BuiltInContracts.Claim);
        Assert.True(BuiltInContracts.Matches(header, BuiltInContracts.Claim));
        Assert.False(BuiltInContracts.Matches(header, BuiltInContracts.Approval));
        Assert.False(BuiltInContracts.Matches(header with { Major = 2 }, BuiltInContracts.Claim));
        Assert.False(BuiltInContracts.Matches(header with { Minor = 1 }, BuiltInContracts.Claim));
        Assert.False(BuiltInContracts.Matches(header with { Codec = FrameCodec.Json }, BuiltInContracts.Claim));
        Assert.False(BuiltInContracts.Matches(header with { SchemaHash = FrameSamples.Pattern(1) }, BuiltInContracts.Claim));
        Assert.Throws<ArgumentException>(() => BuiltInContracts.Header(ContractIds.Of("release.deploy")));
    }
}
