using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Tests.Frames;

public sealed class PaddingTests
{
    [Theory]
    [InlineData(1, 256)]
    [InlineData(256, 256)]
    [InlineData(257, 272)]
    [InlineData(272, 272)]
    [InlineData(273, 288)]
    [InlineData(512, 512)]
    [InlineData(513, 544)]
    [InlineData(4095, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 4352)]
    [InlineData(65_535, 65_536)]
    [InlineData(65_537, 67_584)]
    [InlineData(253_953, 258_048)]
    [InlineData(258_048, 258_048)]
    public void A_length_becomes_its_bucket(int length, int padded) => Assert.Equal(padded, Padding.PaddedLength(length));

    [Fact]
    public void Every_bucket_wastes_at_most_a_sixteenth_and_is_its_own_bucket()
    {
        for (int length = 257; length <= Padding.LargestLength; length++)
        {
            int padded = Padding.PaddedLength(length);
            Assert.True(padded >= length && (padded - length) * 16.0 <= length, $"{length} became {padded}");
            Assert.Equal(padded, Padding.PaddedLength(padded));
        }
    }

    [Fact]
    public void A_length_that_fits_no_envelope_is_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Padding.PaddedLength(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Padding.PaddedLength(Padding.LargestLength + 1));
    }
}
