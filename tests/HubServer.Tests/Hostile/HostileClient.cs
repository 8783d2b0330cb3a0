using System.Net;
using System.Net.Sockets;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.HubServer.Tests.Hostile;

/// <summary>Sends to a hub what no honest client sends.</summary>
internal sealed class HostileClient(Uri address) : IDisposable
{
    public const int InvalidArgument = 3;
    public const int ResourceExhausted = 8;
    public const int Internal = 13;
    public const int Unauthenticated = 16;
    private static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    /// <summary>A message of fields of bytes: number and content of each.</summary>
    public static byte[] Message(params (int Field, byte[] Bytes)[] fields)
    {
        var body = new List<byte>();
        foreach (var (field, bytes) in fields)
        {
            body.Add((byte)((field << 3) | 2));
            int length = bytes.Length;
            for (; length > 127; length >>= 7)
                body.Add((byte)(length | 128));
            body.Add((byte)length);
            body.AddRange(bytes);
        }

        return [0, 0, 0, (byte)(body.Count >> 8), (byte)body.Count, .. body];
    }

    /// <summary>The gRPC status of a call, and the bytes of its answer; null where there is no answer in gRPC.</summary>
    public async Task<(int? Status, byte[] Body)> CallAsync(string method, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/agentflow.hub.v1.Hub/" + method))
        {
            Content = new ByteArrayContent(body), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await _http.SendAsync(request, Cancel);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(Cancel);
            bool isKnown = response.Headers.TryGetValues("grpc-status", out var status) || response.TrailingHeaders.TryGetValues("grpc-status", out status);
            return (isKnown ? int.Parse(status!.Single(), null) : null, answer);
        }
        catch (HttpRequestException)
        {
            return (null, []);
        }
    }

    /// <summary>A login of an actor, for this hub.</summary>
    public async Task<byte[]> LoginAsync(HubActor actor)
    {
        byte[] challenge = (await CallAsync("Challenge", Message())).Body[^HubLogin.ChallengeSize..];
        byte[] signature = new byte[SigningKey.SignatureSize];
        string origin = HubLogin.OriginOf(address);
        actor.Credential.Sign(origin, challenge, signature);
        byte[] agent = actor.Agent.Span.ToArray(), device = actor.Credential.Device.Span.ToArray();
        return Message((1, agent), (2, device), (3, challenge), (4, System.Text.Encoding.ASCII.GetBytes(origin)), (5, signature));
    }

    /// <summary>Connections that say nothing, nonsense, or the first half of something; they stay open until they are disposed.</summary>
    public async Task<List<Socket>> ConnectAsync(int count)
    {
        byte[][] openings =
        [
            [], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), s_preface, s_preface[..10], [.. s_preface, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 90, 1],
            [.. s_preface, 255, 255, 255, 0, 0, 0, 0, 0, 1],
        ];
        var sockets = new List<Socket>(count);
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, address.Port, Cancel);
                if (openings[i % openings.Length] is { Length: > 0 } opening)
                    await socket.SendAsync(opening, Cancel);
            }
            catch (SocketException)
            {
                // The hub has closed it already.
            }
        }

        return sockets;
    }
}
