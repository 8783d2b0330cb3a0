using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Services;

/// <summary>Blobs, in chunks, because they may be longer than a message.</summary>
internal sealed class BlobMethods(CallerHubs hubs, IOptions<HubServerOptions> options)
{
    private readonly int _maxBlobBytes = options.Value.MaxBlobBytes;

    public IEnumerable<GrpcMethod> All =>
    [
        new GrpcMethod(HubMethods.Service, "PutBlob", PutAsync),
        new GrpcMethod(HubMethods.Service, "GetBlob", GetAsync),
    ];

    private async ValueTask<GrpcStatus> PutAsync(ServerCall call)
    {
        var first = await call.ReadAsync(PutBlobRequest.Parser).ConfigureAwait(false);
        if (first.Message is null)
            return first.IsEnd ? WrongSize() : first.Status;
        if (!first.Message.Id.TryRead(out Bytes32 id))
            return GrpcStatus.InvalidArgument("id is not the bytes of an id.");
        if (first.Message.Size > _maxBlobBytes)
            return GrpcStatus.Refused(HubStatus.TooLarge);
        if (first.Message.Size < 0)
            return WrongSize();
        // Memory follows what has come, not what was announced.
        var bytes = new MemoryStream();
        for (var chunk = first; chunk.Message is not null; chunk = await call.ReadAsync(PutBlobRequest.Parser).ConfigureAwait(false))
        {
            if (bytes.Length + chunk.Message.Chunk.Length > first.Message.Size)
                return WrongSize();
            bytes.Write(chunk.Message.Chunk.Span);
            if (bytes.Length == first.Message.Size)
                return await StoreAsync(call, id, bytes).ConfigureAwait(false);
        }

        return WrongSize();
    }

    private async ValueTask<GrpcStatus> StoreAsync(ServerCall call, Bytes32 id, MemoryStream bytes)
    {
        var status = await hubs.Of(call.Caller).PutBlobAsync(id, bytes.GetBuffer().AsMemory(0, (int)bytes.Length), call.Cancelled).ConfigureAwait(false);
        if (status != HubStatus.Ok)
            return GrpcStatus.Refused(status);
        call.Write(new PutBlobResponse());
        return GrpcStatus.Ok;
    }

    private async ValueTask<GrpcStatus> GetAsync(ServerCall call)
    {
        var request = await Unary.ReadOnlyAsync(call, GetBlobRequest.Parser).ConfigureAwait(false);
        if (request.Message is null)
            return request.Status;
        if (!request.Message.Id.TryRead(out Bytes32 id))
            return GrpcStatus.InvalidArgument("id is not the bytes of an id.");
        if (await hubs.Of(call.Caller).GetBlobAsync(id, call.Cancelled).ConfigureAwait(false) is not { } blob)
            return GrpcStatus.Refused(HubStatus.NotFound);
        int sent = 0;
        do
        {
            var chunk = blob.Slice(sent, Math.Min(WireBlobs.ChunkSize, blob.Length - sent));
            call.Write(new GetBlobResponse { Size = sent == 0 ? blob.Length : 0, Chunk = UnsafeByteOperations.UnsafeWrap(chunk) });
            await call.FlushAsync().ConfigureAwait(false);
            sent += chunk.Length;
        }
        while (sent < blob.Length);
        return GrpcStatus.Ok;
    }

    private static GrpcStatus WrongSize() => GrpcStatus.InvalidArgument("The chunks do not add up to the size that the first message names.");
}
