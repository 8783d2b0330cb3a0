using System.IO.Pipelines;
using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;
using Google.Protobuf;

namespace AgentFlow.Client.Blobs;

/// <summary>Blobs, in chunks, because they may be longer than a message.</summary>
internal sealed class BlobTransfer(HubLine line, HubCalls calls)
{
    private HubConnection Connection => line.Connection;

    public async ValueTask<HubStatus> PutAsync(Bytes32 id, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        var content = () => new MessageContent((pipe, stop) => WriteAsync(pipe, id, blob, stop));
        return (await calls.RepeatAsync("PutBlob", content, PutBlobResponse.Parser, cancellationToken).ConfigureAwait(false)).Status;
    }

    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(Bytes32 id, CancellationToken cancellationToken)
    {
        var retries = new Retries(Connection, "GetBlob");
        bool hasLoggedIn = false;
        while (true)
        {
            var (blob, status, mayLogIn) = await TryGetAsync(id, cancellationToken).ConfigureAwait(false);
            if (blob is not null)
                return blob;
            if (status.Refusal == HubStatus.NotFound)
                return null;
            if (mayLogIn && !hasLoggedIn)
            {
                hasLoggedIn = true;
                continue;
            }

            if (!await retries.AgainAsync(status, cancellationToken).ConfigureAwait(false))
                throw Outcomes.Refused(status, Connection.Address);
        }
    }

    private async Task WriteAsync(PipeWriter pipe, Bytes32 id, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        int sent = 0;
        do
        {
            var chunk = blob.Slice(sent, Math.Min(WireBlobs.ChunkSize, blob.Length - sent));
            var request = new PutBlobRequest { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) };
            if (sent == 0)
                (request.Id, request.Size) = (id.ToWire(), blob.Length);
            MessageWriter.Write(pipe, request, Connection.Options.UseGzip);
            if ((await pipe.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted)
                return;
            sent += chunk.Length;
        }
        while (sent < blob.Length);
    }

    private async ValueTask<(ReadOnlyMemory<byte>? Blob, GrpcStatus Status, bool MayLogIn)> TryGetAsync(Bytes32 id, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Connection.Options.CallTimeout, Connection.Clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, Connection.Stopping);
        var content = new MessageContent((pipe, stop) =>
        {
            MessageWriter.Write(pipe, new GetBlobRequest { Id = id.ToWire() }, Connection.Options.UseGzip);
            return pipe.FlushAsync(stop).AsTask();
        });
        try
        {
            var timeout = Connection.Options.CallTimeout;
            await using var call = await line.StartAsync("GetBlob", content, timeout, ended.Token).ConfigureAwait(false);
            var (blob, status) = await ReadAsync(call, ended.Token).ConfigureAwait(false);
            return (blob, status, line.HasLostToken(call, status));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "The hub did not answer in time."), false);
        }
        catch (Exception exception) when (Outcomes.IsLost(exception))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, Outcomes.Lost, false);
        }
    }

    private async ValueTask<(ReadOnlyMemory<byte>? Blob, GrpcStatus Status)> ReadAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        long? size = null;
        while (true)
        {
            var chunk = await call.ReadAsync(GetBlobResponse.Parser, cancellationToken).ConfigureAwait(false);
            if (chunk.IsEnd && bytes.Length == size)
                return (bytes.GetBuffer().AsMemory(0, (int)bytes.Length), GrpcStatus.Ok);
            if (chunk.Message is null && !chunk.IsEnd)
                return (null, chunk.Status);
            size ??= chunk.Message?.Size;
            if (chunk.Message is null || size > Connection.Options.MaxBlobBytes || bytes.Length + chunk.Message.Chunk.Length > size)
                return (null, new GrpcStatus(GrpcStatusCode.DataLoss, "The chunks do not add up to a blob of an allowed size.", HubStatus.Corrupt));
            bytes.Write(chunk.Message.Chunk.Span);
        }
    }
}
