"""Actors and threads for the vectors: the sending side, with every intermediate value kept."""

from . import batch, bundle, commit, ed25519, envelope, frames, roster
from .aead import x25519_public
from .identity import APPROVE, DEVICE, LogWriter
from .identity_log import IdentityLog
from .public_thread import PublicThread
from .seeds import seed
from .wire import u16, u32, u64

TIME = 1_767_225_600_000    # 2026-01-01T00:00:00Z
DAY = 86_400_000


class Actor:
    """One agent with one device; keys derived from its name."""

    def __init__(self, name, approver=False):
        self.name = name
        self.root, self.next_root, self.recovery = (seed(f"{name}/{k}") for k in ("root", "next root", "recovery"))
        self.device, self.spk, self.spk_id = seed(f"{name}/device"), seed(f"{name}/spk"), 1
        self.approver_key = seed(f"{name}/approver") if approver else None
        self.log = LogWriter().genesis(TIME, name, self.root, self.next_root, self.recovery)
        self.log.add_key(TIME + 1, self.device, DEVICE, self.root)
        if approver:
            self.log.add_key(TIME + 2, self.approver_key, APPROVE, self.root)

    @property
    def agent_id(self):
        return self.log.agent_id

    def verified_log(self):
        return IdentityLog(self.log.bytes)

    def entry(self, role, leaf_public=None):
        return roster.Entry(self.agent_id, ed25519.public(self.device), leaf_public or x25519_public(self.spk),
                            self.log.head_seq, self.log.head, role)

    def bundle(self):
        raw = bundle.unsigned(self.agent_id, self.log.head_seq, self.log.head, ed25519.public(self.device), self.spk_id,
                              x25519_public(self.spk), TIME + 3, TIME + 3 + 14 * DAY)
        return bundle.sign(raw, self.device)

    def add_change(self, leaf, role):
        raw = bundle.Bundle(self.bundle())
        return commit.add(leaf, self.entry(role), raw.spk_id, raw.created, raw.not_after, raw.suites, raw.signature)


class ThreadWriter:
    """Writes a thread from all sides at once and checks every envelope with PublicThread."""

    def __init__(self, name, actors):
        self.name, self.time = name, TIME + 1000
        self.actors = actors
        self.public = PublicThread({})
        self.devices, self.leaf_keys, self.chains, self.records = {}, {}, {}, []

    def learn(self, *actors):
        for actor in actors:
            self.public.ids[actor.agent_id] = actor.verified_log()

    def seed(self, what, count=32):
        return seed(f"{self.name}/{what}", count)

    def start(self, creator, policy, members):
        """Genesis Commit 0 -> 1 that adds members: a list of (actor, role)."""
        self.learn(creator, *(m for m, _ in members))
        random, leaf_private = self.seed("random"), self.seed("creator leaf")
        entry = creator.entry(3, x25519_public(leaf_private))
        thread = roster.thread_id(entry.bytes(), random, policy.hash())
        ctx0 = roster.context_zero(policy.suite, thread, roster.roster_hash({0: entry}), policy.hash())
        self.thread, self.devices[0], self.leaf_keys[0] = thread, creator, leaf_private
        self.before = ({0: entry}, policy, ctx0, [ctx0])
        prefix = commit.genesis_prefix(random, entry, policy.bytes())
        after = {0: entry} | {i + 1: m.entry(role) for i, (m, role) in enumerate(members)}
        joined = {i + 1: m for i, (m, _) in enumerate(members)}
        changes = [m.add_change(i + 1, role) for i, (m, role) in enumerate(members)]
        steps = {"random": random, "creatorEntry": entry.bytes(), "creatorLeafPrivate": leaf_private}
        return self.commit(0, changes, after, policy, joined, {}, prefix) | steps

    def commit(self, leaf, changes, after, policy, joined, new_leaf_keys, prefix=b""):
        epoch = self.public.epoch
        parent_ctx = self.public.ctx[epoch] if self.public.position else self.before[2]
        name = f"commit {epoch + 1}"
        ctx = roster.context_next(policy.suite, self.thread, epoch + 1, parent_ctx, roster.roster_hash(after), policy.hash(), leaf)
        secret = self.seed(f"{name}/epoch secret")
        wraps, steps = [], []
        for target in sorted(after):
            if target != leaf:
                ephemeral = self.seed(f"{name}/ephemeral {target}")
                raw, hpke_steps = commit.wrap(self.thread, epoch + 1, ctx, target, after[target].leaf_pk, secret, ephemeral)
                wraps.append(raw)
                steps.append({"leaf": target, "receiverPublic": after[target].leaf_pk, "ephemeralPrivate": ephemeral,
                              "info": commit.wrap_info(self.thread, epoch + 1), "aad": commit.wrap_aad(ctx, target),
                              **hpke_steps, "wrap": raw})
        committed = (prefix + u64(epoch) + u64(epoch + 1) + parent_ctx + u16(len(changes))
                     + b"".join(changes) + roster.roster_hash(after) + policy.hash() + commit.confirm(secret, ctx)
                     + commit.wraps_hash(wraps))
        body = committed + u32(len(wraps)) + b"".join(wraps)
        header = self._header(envelope.COMMIT, 0, leaf, 0, bytes(12), len(body))
        header.commitment = envelope.commit_commitment(header.first160(), committed)
        self.devices.update(joined)
        self.leaf_keys.update({n: a.spk for n, a in joined.items()} | new_leaf_keys)
        for gone in [n for n in self.devices if n not in after]:
            del self.devices[gone], self.leaf_keys[gone]
        record = self._finish(header, body, parent_ctx, {
            "changes": changes, "rosterAfter": roster.roster_bytes(after), "policyAfter": policy.bytes(),
            "rosterHash": roster.roster_hash(after), "policyHash": policy.hash(), "epochSecret": secret, "ctxAfter": ctx,
            "confirm": commit.confirm(secret, ctx), "wraps": steps, "wrapsHash": commit.wraps_hash(wraps), "committed": committed})
        self.chains = {n: envelope.chain_start(secret, ctx, n) for n in sorted(after)}
        record["chainKeys"] = [{"leaf": n, "chainKey": k} for n, k in self.chains.items()]
        for wrap in wraps:
            assert commit.unwrap(self.thread, epoch + 1, ctx, wrap, self.leaf_keys[int.from_bytes(wrap[:4], "little")]) == secret
        return record

    def app(self, leaf, frame_list, **options):
        return self.seal(leaf, envelope.APP, frame_list, **options)

    def heartbeat(self, leaf, **options):
        return self.seal(leaf, envelope.HEARTBEAT, [], **options)

    def seal(self, leaf, kind, frame_list, skip=0, batched=False, ack=None):
        """Seals the next envelope of a leaf. skip = generations to step over; batched = bit2 with a batch of one."""
        padded = frames.plaintext(frame_list)
        flags = (envelope.MULTI if len(frame_list) > 1 else 0) | (batch.FLAG if batched else 0)
        before, generation, steps = self.chains[leaf], self.public.generation.get(leaf, 0), []
        for _ in range(skip + 1):
            generation += 1
            self.chains[leaf], mk = envelope.chain_step(self.chains[leaf], generation, leaf)
            steps.append({"generation": generation, "chainKeyNext": self.chains[leaf], "messageKey": mk})
        nonce, ctx = self.seed(f"nonce {self.public.position + 1}", 12), self.public.ctx[-1]
        ka, kc = envelope.message_keys(mk, nonce)
        header = self._header(kind, flags, leaf, generation, nonce, len(padded) + 16, ack)
        header.commitment = envelope.commitment(kc, ctx, header.first160(), padded)
        body = envelope.seal_body(ka, nonce, ctx, header.bytes(), padded)
        return self._finish(header, body, ctx, {
            "frames": frame_list, "chainKeyBefore": before, "chainSteps": steps, "messageKey": mk, "ka": ka, "kc": kc,
            "plaintext": padded})

    def _header(self, kind, flags, leaf, generation, nonce, body_len, ack=None):
        self.time += 1000
        device = ed25519.public(self.devices[leaf].device)
        seq, prev, _ = self.public.by_device.get(device, (0, bytes(32), 0))
        ack = self.public.position if ack is None else ack
        ack_hash = self.public.T[ack] if self.public.position else self.before[2]
        return envelope.Header(kind, flags, self.thread, self.public.epoch, leaf, generation, seq + 1, prev, ack, ack_hash,
                               self.time, nonce, body_len)

    def _finish(self, header, body, ctx, extra):
        sender = self.devices.get(header.leaf)
        e = envelope.digest(ctx, header.bytes())
        if header.flags & batch.FLAG:
            trailer = batch.trailers([e], sender.device)[2][0]
        else:
            trailer = envelope.sign(sender.device, e)
        raw = header.bytes() + body + trailer
        self.public.accept(raw)
        record = {
            "position": self.public.position, "kind": header.kind, "flags": header.flags, "epoch": header.epoch,
            "leaf": header.leaf, "generation": header.generation, "senderSeq": header.sender_seq, "prevOwn": header.prev_own,
            "ackSeq": header.ack_seq, "ackHash": header.ack_hash, "time": header.time, "nonce": header.nonce,
            "bodyLen": header.body_len, "deviceSeed": sender.device, "ctx": ctx, **extra, "header160": header.first160(),
            "C": header.commitment, "header": header.bytes(), "body": body, "E": e, "signature": trailer[-64:],
            "trailer": trailer, "envelope": raw, "T": self.public.T[-1]}
        self.records.append(record)
        return record
