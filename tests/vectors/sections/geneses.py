"""Genesis Commits that must be refused: each is well signed and breaks one rule."""

from af1 import bundle, commit, envelope, policy, roster
from af1.aead import x25519_public
from af1.hashing import H
from af1.public_thread import PublicThread
from af1.seeds import seed
from af1.wire import Malformed, u16, u32, u64
from af1.world import TIME, Actor


class Genesis:
    """A genesis Commit whose parts can be replaced before it is hashed, wrapped and signed."""

    def __init__(self):
        self.creator, self.qa, self.deploy = (Actor(n) for n in ("build", "qa", "deploy"))
        self.ids = {a.agent_id: a.verified_log() for a in (self.creator, self.qa, self.deploy)}
        self.policy = policy.Policy(1, 86_400, 65_536, bytes(32), [])
        self.leaf_private = seed("geneses/leaf")

    def build(self, role=3, changes=None, after=None, wrap_leaves=None, parent=0, new=1, parent_ctx=None, header=None,
              roster_hash=None, policy_hash=None, wraps_hash=None, policy_bytes=None, thread=None, signer=None, count=None, leaf_public=None):
        entry = self.creator.entry(role, leaf_public or x25519_public(self.leaf_private))
        raw_policy = policy_bytes or self.policy.bytes()
        hashed = self.policy.hash() if policy_bytes is None else H("AF1 policy", policy_bytes)
        random = seed("geneses/random")
        thread_id = thread or roster.thread_id(entry.bytes(), random, hashed)
        ctx0 = roster.context_zero(1, thread_id, roster.roster_hash({0: entry}), hashed)
        if changes is None:
            changes = [self.qa.add_change(1, 1), self.deploy.add_change(2, 1)]
        if after is None:
            after = {0: entry, 1: self.qa.entry(1), 2: self.deploy.entry(1)}
        ctx = roster.context_next(1, thread_id, new, ctx0, roster.roster_hash(after), hashed, 0)
        secret = seed("geneses/secret")
        leaves = [n for n in sorted(after) if n] if wrap_leaves is None else wrap_leaves
        wraps = [_wrap(thread_id, new, ctx, n, after[n].leaf_pk, secret) for n in leaves]
        committed = (commit.genesis_prefix(random, entry, raw_policy) + u64(parent) + u64(new) + (parent_ctx or ctx0)
                     + u16(len(changes) if count is None else count) + b"".join(changes)
                     + (roster_hash or roster.roster_hash(after)) + (policy_hash or hashed) + commit.confirm(secret, ctx)
                     + (wraps_hash or commit.wraps_hash(wraps)))
        body = committed + u32(len(wraps)) + b"".join(wraps)
        fields = dict(kind=envelope.COMMIT, flags=0, thread=thread_id, epoch=0, leaf=0, generation=0, sender_seq=1,
                      prev_own=bytes(32), ack_seq=0, ack_hash=ctx0, time=TIME, nonce=bytes(12), body_len=len(body))
        head = envelope.Header(**(fields | (header or {})))
        head.commitment = envelope.commit_commitment(head.first160(), committed)
        e = envelope.digest(ctx0, head.bytes())
        return thread_id, head.bytes() + body + envelope.sign((signer or self.creator).device, e)


def _wrap(thread, epoch, ctx, leaf, leaf_pk, secret):
    """A wrap; for a key to which nothing can be wrapped, bytes of the right form: nobody but its owner could tell."""
    try:
        return commit.wrap(thread, epoch, ctx, leaf, leaf_pk, secret, seed(f"geneses/ephemeral {leaf}"))[0]
    except Malformed:
        return u32(leaf) + seed("geneses/no wrap", 80)


def _bundle_changed(g, at):
    raw = g.qa.add_change(1, 1)
    return [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1:], g.deploy.add_change(2, 1)]


def _with_bundle(g, spk=None, suites=1):
    """An add whose bundle is well signed, with another prekey or other suites."""
    actor = g.qa
    entry = actor.entry(1, spk)
    body = bundle.unsigned(actor.agent_id, entry.log_seq, entry.log_head, entry.device, 1, entry.leaf_pk, TIME, TIME + 1, suites)
    signature = bundle.sign(body, actor.device)[160:]
    return dict(changes=[commit.add(1, entry, 1, TIME, TIME + 1, suites, signature)],
                after={0: g.creator.entry(3, x25519_public(g.leaf_private)), 1: entry})


def _revoked(g):
    actor = Actor("revoked")
    actor.log.revoke_key(TIME + 9, actor.device, actor.root)
    g.ids[actor.agent_id] = actor.verified_log()
    return actor


def _stranger_key(g):
    """A bundle signed with a key that the agent's log does not hold."""
    actor = Actor("impostor")
    g.ids[actor.agent_id] = actor.verified_log()
    actor.device = seed("impostor/another device")
    return actor


def _cases(g):
    creator = g.creator.entry(3, x25519_public(g.leaf_private))
    qa, deploy = g.qa.add_change(1, 1), g.deploy.add_change(2, 1)
    members = {0: creator, 1: g.qa.entry(1), 2: g.deploy.entry(1)}

    def with_actor(actor, role=1):
        return dict(changes=[actor.add_change(1, role)], after={0: creator, 1: actor.entry(role)})

    loose = g.policy.bytes()
    unknown = Actor("unknown")
    rule = policy.Rule(bytes(16), 1, 1, 1, 0, 60, [bytes(32), bytes([1]) * 32])
    ruled = policy.Policy(1, 1, 1, bytes(32), [rule]).bytes()
    swapped = ruled[:80] + ruled[112:144] + ruled[80:112]
    return [
        ("threadId is not the hash of the prefix", dict(thread=seed("geneses/other thread"))),
        ("the creator is no admin", dict(role=1)),
        ("parentEpoch 1", dict(parent=1, new=2)),
        ("newEpoch 2", dict(new=2)),
        ("parentCtx", dict(parent_ctx=seed("geneses/ctx"))),
        ("rosterHash'", dict(roster_hash=seed("geneses/roster"))),
        ("policyHash'", dict(policy_hash=seed("geneses/policy"))),
        ("wrapsHash", dict(wraps_hash=seed("geneses/wraps"))),
        ("a wrap is missing", dict(wrap_leaves=[1])),
        ("a wrap for the committer", dict(wrap_leaves=[0, 1, 2])),
        ("wraps descend", dict(wrap_leaves=[2, 1])),
        ("a wrap twice", dict(wrap_leaves=[1, 1, 2])),
        ("adds descend", dict(changes=[deploy, qa])),
        ("an add skips a free leaf", dict(changes=[g.qa.add_change(2, 1), g.deploy.add_change(3, 1)],
                                          after={0: creator, 2: g.qa.entry(1), 3: g.deploy.entry(1)})),
        ("a device twice", dict(changes=[qa, g.qa.add_change(2, 1)], after={0: creator, 1: g.qa.entry(1), 2: g.qa.entry(1)})),
        ("role 0", with_actor(g.qa, 0)),
        ("role 2: admin but no member", with_actor(g.qa, 2)),
        ("role 9: read-only and member", with_actor(g.qa, 9)),
        ("the signature of a bundle", dict(changes=_bundle_changed(g, 200))),
        ("spkId of a bundle", dict(changes=_bundle_changed(g, 5 + 136))),
        ("a flag of a roster entry", dict(changes=_bundle_changed(g, 5 + 133))),
        ("kind 5 of a change", dict(changes=[b"\5" + qa[1:], deploy])),
        ("changeCount one more", dict(count=3)),
        ("a bundle without suite 1", _with_bundle(g, suites=2)),
        ("a prekey of low order", _with_bundle(g, spk=bytes([1]) + bytes(31))),
        ("a creator's leaf key of low order", dict(leaf_public=bytes(32))),
        ("a revoked device", with_actor(_revoked(g))),
        ("a device that the log does not hold", with_actor(_stranger_key(g))),
        ("an agent whose log is unknown", with_actor(unknown)),
        ("remove of the committer", dict(changes=[commit.remove(0), qa, deploy], after=members)),
        ("remove of nobody", dict(changes=[commit.remove(7), qa, deploy])),
        ("policy version 2", dict(policy_bytes=b"\2" + loose[1:])),
        ("policy suite 2", dict(policy_bytes=loose[:1] + b"\2" + loose[2:])),
        ("a reserved byte of the policy", dict(policy_bytes=loose[:2] + b"\1" + loose[3:])),
        ("ruleCount one more", dict(policy_bytes=loose[:44] + b"\1" + loose[45:])),
        ("approvers descend", dict(policy_bytes=swapped)),
        ("quorum 0", dict(policy_bytes=ruled[:48 + 19] + b"\0" + ruled[48 + 20:])),
        ("leaf 1", dict(header=dict(leaf=1))),
        ("epoch 1", dict(header=dict(epoch=1))),
        ("a generation", dict(header=dict(generation=1))),
        ("a nonce", dict(header=dict(nonce=seed("geneses/nonce", 12)))),
        ("senderSeq 2", dict(header=dict(sender_seq=2))),
        ("prevOwn", dict(header=dict(prev_own=seed("geneses/prev")))),
        ("ackHash", dict(header=dict(ack_hash=seed("geneses/ack")))),
        ("signed by another", dict(signer=g.qa)),
    ]


def make():
    g = Genesis()
    cases = _cases(g)
    thread, good = g.build()
    PublicThread(g.ids, thread).accept(good)
    out = []
    for name, changes in cases:
        wanted, raw = g.build(**changes)
        try:
            PublicThread(g.ids, wanted).accept(raw)
        except Malformed as why:
            out.append({"name": name, "threadId": wanted, "why": str(why), "envelope": raw})
        else:
            raise AssertionError(f"accepted: {name}")
    return {"genesisRefusals": {
        "logs": [{"agentId": a, "log": log.bytes} for a, log in g.ids.items()],
        "accepted": {"threadId": thread, "envelope": good}, "refused": out}}
