using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;

namespace AgentFlow.Client.Subscriptions;

/// <summary>
/// The position last seen in each thread. Of many threads the ones with the newest deliveries are kept: the others resume after what was acknowledged.
/// </summary>
internal sealed class Cursors(IReadOnlyDictionary<ThreadId, long> resume)
{
    private const int Kept = 10_000;
    private Dictionary<ThreadId, (long Position, long Age)> _positions = resume.ToDictionary(pair => pair.Key, pair => (pair.Value, 0L));
    private long _age;

    public void Advance(ThreadId thread, long position)
    {
        _positions[thread] = (position, ++_age);
        if (_positions.Count > 2 * Kept)
            _positions = _positions.OrderByDescending(pair => pair.Value.Age).Take(Kept).ToDictionary();
    }

    public IEnumerable<SubscribeRequest.Types.Cursor> ToWire() =>
        _positions.Select(pair => new SubscribeRequest.Types.Cursor { Thread = pair.Key.ToWire(), Position = pair.Value.Position });
}
