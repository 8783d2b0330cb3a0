namespace AgentFlow.Hub.Stores;

/// <summary>
/// The claim on fan-out work of a store that one process has open. It lives in memory: when the process ends, so does every holder, and what was not
/// completed is done again. Tokens begin with the epoch of the store, so they rise over restarts. Thread-safe.
/// </summary>
internal sealed class FanOutLease(StoreClock clock, long epoch)
{
    private readonly Lock _gate = new();
    private long _count;
    private long _token;
    private long _until;
    private long _upTo;
    private Guid _owner;

    public Claim? TryTake(ClaimRequest request, long upTo, IReadOnlyList<ThreadNews> work)
    {
        lock (_gate)
        {
            if (_token != 0 && _owner != request.Owner && _until > clock.Now())
                return null;
            _token = (epoch << 32) | ++_count;
            _owner = request.Owner;
            _until = clock.After(request.Duration);
            _upTo = upTo;
            return new Claim(new ClaimId(ClaimKind.FanOut), _owner, _token, StoreClock.ToTime(_until), work);
        }
    }

    public bool IsHeld(long token)
    {
        lock (_gate)
            return _token != 0 && _token == token;
    }

    /// <summary>Ends the claim and says up to where its work reached.</summary>
    public bool TryEnd(long token, out long upTo)
    {
        lock (_gate)
        {
            upTo = _upTo;
            if (_token == 0 || _token != token)
                return false;
            _token = 0;
            return true;
        }
    }
}
