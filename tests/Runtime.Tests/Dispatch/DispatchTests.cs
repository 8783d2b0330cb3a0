using AgentFlow.Contracts;
using AgentFlow.Dispatch;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.Runtime.Tests.Flows;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Runtime.Tests.Dispatch;

public sealed class DispatchTests
{
    private static ModuleDescriptor Module => AgentFlowModule.Descriptor;

    [Fact]
    public void A_dispatch_allocates_nothing_beside_the_messages()
    {
        var catalogue = ContractCatalogue.Build(Module.Messages);
        var agent = Module.Agents.Single(agent => agent.Name == "clerk");
        var routes = AgentRoutes.Build(agent, catalogue);
        object clerk = new ClerkAgent();
        var contract = catalogue.Get(typeof(PayRequested));
        var context = new HandlerContext(default, NoServices.Instance, catalogue, new StepResultCodec(catalogue, [Module]), new NoJournal());
        byte[] payload = Encode(contract.Descriptor, new PayRequested(7));
        var key = contract.Key;
        var cause = new MessageCause { Thread = default, Position = 2, Frame = 0, MessageId = default, Sender = default, SentAt = 0, Envelope = default };

        void Dispatch()
        {
            catalogue.TryFindDecoder(key, out var decoder);
            object message = decoder!.Read(payload)!;
            routes.TryFind(decoder.Target, out var route);
            context.Begin(agent, cause, 1, null, default);
            var handled = route!.Message!.Invoke(clerk, message, context);
            Assert.True(handled.IsCompletedSuccessfully);
            context.End();
        }

        long baseline = Measure(() => _ = new PayOrder(new PayRequested(7).Amount));
        long dispatched = Measure(Dispatch);
        Assert.Equal(baseline, dispatched);
        Assert.Equal(new PayOrder(7), Assert.Single(context.Emissions).Message);
    }

    [Fact]
    public void Ids_and_keys_are_the_same_for_the_same_cause_and_differ_for_every_other()
    {
        var cause = new MessageCause
        {
            Thread = new ThreadId(Fill(1)), Position = 5, Frame = 0, MessageId = new MessageId(
                new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11])), Sender = new AgentId(new Bytes32(Fill(2))),
            SentAt = 1_767_225_600_123, Envelope = new Bytes32(Fill(3)),
        };
        byte[] idKey = Fill(4);
        var id = CauseHash.EnvelopeId(cause, idKey, 0);
        Assert.Equal(id, CauseHash.EnvelopeId(cause, idKey, 0));
        Assert.Equal(8, id.Value.Version);
        MessageId[] others =
        [
            CauseHash.EnvelopeId(cause, idKey, 1), CauseHash.EnvelopeId(cause with { Frame = 1 }, idKey, 0), CauseHash.EnvelopeId(cause with { Phase = 1 }, idKey, 0),
            CauseHash.EnvelopeId(cause, Fill(5), 0), CauseHash.EnvelopeId(cause with { Envelope = new Bytes32(Fill(6)) }, idKey, 0),
        ];
        Assert.Equal(5, others.Append(id).Distinct().Count() - 1);
        Assert.Equal(CauseHash.JournalKey(cause, "deploy"), CauseHash.JournalKey(cause, "deploy"));
        Assert.NotEqual(CauseHash.JournalKey(cause, "deploy"), CauseHash.JournalKey(cause, "deploz"));
    }

    [Fact]
    public void A_frame_of_another_schema_finds_no_decoder()
    {
        var catalogue = ContractCatalogue.Build(Module.Messages);
        var key = catalogue.Get(typeof(PayRequested)).Key;
        Assert.True(catalogue.TryFindDecoder(key, out _));
        Assert.False(catalogue.TryFindDecoder(key with { SchemaHash = default }, out _));
        Assert.False(catalogue.TryFindDecoder(key with { Major = 2 }, out _));
        Assert.False(catalogue.TryFindDecoder(key with { Contract = catalogue.Get(typeof(Built)).Id }, out _));
    }

    private static long Measure(Action action)
    {
        for (int i = 0; i < 200; i++)
            action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] Encode(MessageDescriptor descriptor, object message)
    {
        using var buffer = new PooledBuffer();
        var writer = new ProtobufWriter(buffer);
        descriptor.WriteProtobuf(ref writer, message);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Fill(byte value) => [.. Enumerable.Repeat(value, 32)];

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }

    private sealed class NoJournal : IStepJournal
    {
        public ValueTask<ReadOnlyMemory<byte>?> FindAsync(
            ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => ValueTask.FromResult<ReadOnlyMemory<byte>?>(null);

        public ValueTask<ReadOnlyMemory<byte>> AddAsync(
            ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> result, CancellationToken cancellationToken) => ValueTask.FromResult(result);
    }
}
