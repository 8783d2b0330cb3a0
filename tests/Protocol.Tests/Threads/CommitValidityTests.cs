using System.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

/// <summary>Public validity of Commits after the first: parent is epoch 1 with leaf 0 admin, leaf 1 member, leaf 2 read-only.</summary>
public sealed class CommitValidityTests : IDisposable
{
    private readonly TestThread _thread = new();
    private readonly TestThread.Logs _logs = new();
    private readonly TestActor _dave = new("dave");

    public CommitValidityTests()
    {
        foreach (var actor in new[] { _thread.Alice, _thread.Bob, _thread.Carol, _dave })
            _logs.Add(actor.Log);
    }

    private ThreadEpoch Parent => _thread.Hub.Epoch;

    public void Dispose()
    {
        _thread.Dispose();
        _dave.Dispose();
    }

    [Fact]
    public void A_commit_that_changes_nothing_makes_a_new_epoch_by_any_member()
    {
        Assert.Equal(ProtocolError.None, Apply(0));
        Assert.Equal(ProtocolError.None, Apply(1));
        Assert.Equal(ProtocolError.Role, Apply(2));
        Assert.Equal(ProtocolError.Role, Apply(7));
    }

    [Fact]
    public void Who_is_no_admin_adds_nobody_removes_nobody_and_leaves_the_policy()
    {
        Assert.Equal(ProtocolError.None, Apply(0, Add(3)));
        Assert.Equal(ProtocolError.Role, Apply(1, Add(3)));
        Assert.Equal(ProtocolError.None, Apply(0, new RemoveLeaf(2, 0, default)));
        Assert.Equal(ProtocolError.Role, Apply(1, new RemoveLeaf(2, 0, default)));
        Assert.Equal(ProtocolError.Role, Apply(1, new ChangePolicy(Parent.Policy)));
    }

    [Fact]
    public void Nobody_removes_itself_or_a_leaf_that_is_not_there()
    {
        Assert.Equal(ProtocolError.CommitChange, Apply(0, new RemoveLeaf(0, 0, default)));
        Assert.Equal(ProtocolError.CommitChange, Apply(0, new RemoveLeaf(9, 0, default)));
    }

    [Fact]
    public void Any_member_removes_a_device_that_its_log_shows_revoked_and_no_other()
    {
        var carol = _thread.Carol;
        var revoked = IdentityLogWriter.RevokeKey(carol.Log, carol.Device.PublicKey, 1, 0, carol.Root, TestActor.Now);
        Assert.Equal(ProtocolError.MissingLog, Apply(1, new RemoveLeaf(2, revoked.HeadSeq, revoked.Head)));
        _logs.Add(revoked);
        Assert.Equal(ProtocolError.None, Apply(1, new RemoveLeaf(2, revoked.HeadSeq, revoked.Head)));
        Assert.Equal(ProtocolError.DeviceKey, Apply(1, new RemoveLeaf(2, carol.Log.HeadSeq, carol.Log.Head)));
        Assert.Equal(ProtocolError.DeviceKey, Apply(1, new RemoveLeaf(2, 0, carol.Log.HeadAt(0))));
        Assert.Equal(ProtocolError.LogHead, Apply(1, new RemoveLeaf(2, 1, revoked.Head)));
    }

    [Fact]
    public void A_leaf_key_changes_only_by_a_fresh_signature_of_its_device()
    {
        using var key = AgreementKey.Generate();
        Assert.Equal(ProtocolError.None, Apply(0, Update(_thread.Bob, 1, key.PublicKey, 1)));
        Assert.Equal(ProtocolError.Signature, Apply(0, Update(_thread.Bob, 1, key.PublicKey, 1) with { Signature = new byte[64] }));
        Assert.Equal(ProtocolError.Signature, Apply(0, Update(_thread.Alice, 1, key.PublicKey, 1, _thread.Bob)));
        Assert.Equal(ProtocolError.CommitChange, Apply(0, Update(_thread.Bob, 1, key.PublicKey, 0)));
        Assert.Equal(ProtocolError.CommitChange, Apply(0, Update(_thread.Bob, 1, key.PublicKey, 2)));
        Assert.Equal(ProtocolError.CommitChange, Apply(0, Update(_thread.Bob, 5, key.PublicKey, 1)));
    }

    [Fact]
    public void A_leaf_key_of_low_order_or_one_that_is_there_already_is_refused()
    {
        byte[] one = new byte[32];
        one[0] = 1;
        Assert.Equal(ProtocolError.Key, Apply(0, Update(_thread.Bob, 1, new Bytes32(one), 1)));
        Assert.Equal(ProtocolError.CommitChange, Apply(0, Update(_thread.Bob, 1, _thread.Carol.Prekey.PublicKey, 1)));
    }

    [Fact]
    public void A_log_head_does_not_go_back()
    {
        using var key = AgreementKey.Generate();
        var bob = _thread.Bob;
        var update = Sign(bob, new UpdateLeaf(1, key.PublicKey, 0, bob.Log.HeadAt(0), 1, []));
        Assert.Equal(ProtocolError.LogHead, Apply(0, update));
    }

    [Fact]
    public void Added_leaves_take_the_lowest_free_indices()
    {
        Assert.Equal(ProtocolError.CommitChange, Apply(0, Add(4)));
        Assert.Equal(ProtocolError.CommitChange, Apply(0, new RemoveLeaf(1, 0, default), Add(1)));
        Assert.Equal(ProtocolError.None, Apply(0, new RemoveLeaf(1, 0, default), Add(3)));
    }

    [Fact]
    public void An_added_device_needs_its_bundle_its_log_and_a_place_of_its_own()
    {
        var add = Add(3);
        Assert.Equal(ProtocolError.Signature, Apply(0, add with { NotAfter = add.NotAfter + 1 }));
        Assert.Equal(ProtocolError.Signature, Apply(0, add with { Entry = add.Entry with { LeafKey = _thread.Bob.Prekey.PublicKey } }));
        Assert.Equal(ProtocolError.Suite, Apply(0, add with { Suites = 2 }));
        Assert.Equal(ProtocolError.DeviceKey, Apply(0, add with { Entry = add.Entry with { Device = _dave.Root.PublicKey } }));
        Assert.Equal(ProtocolError.LogHead, Apply(0, add with { Entry = add.Entry with { LogHead = default } }));
        Assert.Equal(ProtocolError.CommitChange, Apply(0, Add(3, _thread.Bob)));
    }

    [Fact]
    public void Changes_stand_in_their_order_and_a_leaf_occurs_once()
    {
        using var key = AgreementKey.Generate();
        var update = Update(_thread.Bob, 1, key.PublicKey, 1);
        Assert.Equal(ProtocolError.Order, Apply(0, update, new RemoveLeaf(2, 0, default)));
        Assert.Equal(ProtocolError.Order, Apply(0, new RemoveLeaf(2, 0, default), new RemoveLeaf(1, 0, default)));
        Assert.Equal(ProtocolError.Order, Apply(0, update, update));
        Assert.Equal(ProtocolError.Order, Apply(0, new ChangePolicy(Parent.Policy), new ChangePolicy(Parent.Policy)));
        Assert.Equal(ProtocolError.CommitChange, Apply(0, new RemoveLeaf(1, 0, default), update));
    }

    [Fact]
    public void Parents_results_and_wraps_must_fit()
    {
        Assert.Equal(ProtocolError.CommitParent, Validate(0, Make([]) with { ParentEpoch = 0 }, []));
        Assert.Equal(ProtocolError.CommitParent, Validate(0, Make([]) with { NewEpoch = 3 }, []));
        Assert.Equal(ProtocolError.CommitParent, Validate(0, Make([]) with { ParentContext = default }, []));
        Assert.Equal(ProtocolError.CommitResult, Validate(0, Make([]) with { RosterHash = default }, []));
        Assert.Equal(ProtocolError.CommitResult, Validate(0, Make([]) with { PolicyHash = default }, []));
        Assert.Equal(ProtocolError.CommitWraps, Validate(0, Make([]), [], hasWraps: true));
    }

    private ProtocolError Apply(uint committer, params CommitChange[] changes) => Validate(committer, Make(changes), changes);

    /// <summary>The fields of a Commit with the results that the changes would have, as far as they have any.</summary>
    private CommitFields Make(CommitChange[] changes)
    {
        var slots = Parent.Roster.Slots.ToDictionary(slot => slot.Leaf);
        foreach (var change in changes)
        {
            switch (change)
            {
                case RemoveLeaf remove: slots.Remove(remove.Leaf); break;
                case AddLeaf add: slots[add.Leaf] = new RosterSlot(add.Leaf, add.Entry, 2); break;
                case UpdateLeaf update when slots.TryGetValue(update.Leaf, out var slot):
                    slots[update.Leaf] = slot with { Entry = slot.Entry with { LeafKey = update.LeafKey, LogSeq = update.LogSeq, LogHead = update.LogHead } };
                    break;
            }
        }

        var roster = new Roster([.. slots.Values.OrderBy(slot => slot.Leaf)]);
        return new CommitFields(1, 2, Parent.Context, roster.Hash, Parent.Policy.Hash, default, EpochSecret.HashWraps([]));
    }

    /// <summary>Through the bytes, so that writer and reader are tested with it.</summary>
    private ProtocolError Validate(uint committer, CommitFields fields, CommitChange[] changes, bool hasWraps = false)
    {
        var body = new ArrayBufferWriter<byte>();
        CommitWriter.WriteCommitted(body, null, changes, fields);
        CommitWriter.WriteWraps(body, []);
        Assert.True(Commit.TryParse(body.WrittenSpan, isGenesis: false, hasWraps: true, out var commit, out var error), error.ToString());
        Assert.Equal(body.WrittenCount - 4, commit.CommittedLength);
        CommitValidator.TryApply(Parent, committer, commit, _logs, hasWraps, out var next, out error);
        Assert.Equal(error == ProtocolError.None, next is not null);
        return error;
    }

    private AddLeaf Add(uint leaf, TestActor? actor = null)
    {
        var bundle = (actor ?? _dave).Bundle;
        var entry = new RosterEntry(bundle.Agent, bundle.Device, bundle.Prekey, bundle.LogSeq, bundle.LogHead, MemberRole.Member);
        return new AddLeaf(leaf, entry, bundle.PrekeyId, bundle.Created, bundle.NotAfter, bundle.Suites, bundle.Signature.ToArray());
    }

    private UpdateLeaf Update(TestActor signer, uint leaf, Bytes32 key, ulong baseEpoch, TestActor? owner = null)
    {
        var log = (owner ?? signer).Log;
        return Sign(signer, new UpdateLeaf(leaf, key, log.HeadSeq, log.Head, baseEpoch, []));
    }

    private UpdateLeaf Sign(TestActor signer, UpdateLeaf update)
    {
        byte[] signature = new byte[64];
        signer.Device.Sign(Labels.SignLeafUpdate, LeafUpdate.Hash(Parent.ThreadId, update), signature);
        return update with { Signature = signature };
    }
}
