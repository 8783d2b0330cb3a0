using AgentFlow.Hub.PostgreSql.Wakes;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;

namespace AgentFlow.Hub.PostgreSql.Tests.Wakes;

/// <summary>The bytes that hubs on one database send each other.</summary>
public sealed class WakePayloadTests
{
    [Fact]
    public void A_payload_is_the_sender_and_33_bytes_a_hint_in_base64()
    {
        var key = new Bytes32(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        string payload = WakePayload.Write(0x0102030405060708, [new WakeHint(WakeKind.Thread, key), new WakeHint(WakeKind.Agent, key)]);

        Assert.Equal("AQIDBAUGBwgAAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8BAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", payload);
        Assert.True(WakePayload.TryRead(payload, out long sender, out var hints));
        Assert.Equal(0x0102030405060708, sender);
        Assert.Equal([new WakeHint(WakeKind.Thread, key), new WakeHint(WakeKind.Agent, key)], hints);
    }

    [Fact]
    public void The_largest_payload_fits_into_a_notification()
    {
        var hints = Enumerable.Range(0, WakePayload.MaxHints).Select(i => new WakeHint(WakeKind.Agent, Make.Agent(i).Value)).ToArray();

        Assert.True(WakePayload.Write(1, hints).Length < 8000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AQID")]
    [InlineData("not base64!")]
    [InlineData("AQIDBAUGBwgA")]
    [InlineData("AQIDBAUGBwgJAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public void What_is_no_payload_is_ignored(string payload) => Assert.False(WakePayload.TryRead(payload, out _, out _));
}
