using System.Buffers;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;
using Google.Protobuf;

namespace AgentFlow.Host.Tests.Servers;

/// <summary>Logins step by step, by hand.</summary>
internal static class Logins
{
    public const string Hub = "/agentflow.hub.v1.Hub/";

    public static async Task<byte[]> ChallengeAsync(Uri server)
    {
        var answer = await RawCall.SendAsync(server, Hub + "Challenge", Frame(new ChallengeRequest()));
        return ChallengeResponse.Parser.ParseFrom(answer.Body, MessagePrefix.Size, answer.Body.Length - MessagePrefix.Size).Challenge.ToByteArray();
    }

    /// <summary>What a device of an actor sends for a challenge; signed for the address of the server unless another origin is named.</summary>
    public static LoginRequest Request(HubActor actor, byte[] challenge, string origin, SigningKey? device = null)
    {
        byte[] signature = new byte[SigningKey.SignatureSize];
        (device ?? actor.Device).Sign(origin, challenge, signature);
        return new LoginRequest
        {
            Agent = actor.Agent.ToWire(), Device = (device ?? actor.Device).PublicKey.ToWire(), Challenge = ByteString.CopyFrom(challenge), Origin = origin,
            Signature = ByteString.CopyFrom(signature),
        };
    }

    public static Task<RawCall> SendAsync(Uri server, LoginRequest request) => RawCall.SendAsync(server, Hub + "Login", Frame(request));

    /// <summary>The token of an actor.</summary>
    public static async Task<string> TokenAsync(Uri server, HubActor actor)
    {
        var answer = await SendAsync(server, Request(actor, await ChallengeAsync(server), HubLogin.OriginOf(server)));
        Assert.Equal(GrpcStatusCode.Ok, answer.Code);
        return LoginResponse.Parser.ParseFrom(answer.Body, MessagePrefix.Size, answer.Body.Length - MessagePrefix.Size).Token;
    }

    public static (string Name, string Value) Header(string token) => ("authorization", "Bearer " + token);

    public static byte[] Frame(IMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        MessageWriter.Write(output, message, isGzip: false);
        return output.WrittenSpan.ToArray();
    }

    private static void Sign(this SigningKey device, string origin, byte[] challenge, byte[] signature) => HubLogin.Sign(device, origin, challenge, signature);
}
