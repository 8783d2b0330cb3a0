"""Envelopes that the public checks must refuse, and one class that only the secret checks can find."""

from af1 import batch, envelope, frames, policy
from af1.hashing import H
from af1.public_thread import PublicThread
from af1.seeds import seed
from af1.wire import Malformed
from af1.world import Actor, ThreadWriter


def _message(text):
    return frames.frame(frames.contract_id("release.built"), 1, 0, frames.RAW, bytes(32), bytes(16), b"", text.encode())


class Refusals:
    """A thread of an admin, a member and a read-only member, stopped after position 4."""

    def __init__(self):
        actors = [Actor(n) for n in ("build", "qa", "audit")]
        self.writer = ThreadWriter("refusals", [])
        self.writer.start(actors[0], policy.Policy(1, 86_400, 65_536, bytes(32), []), [(actors[1], 1), (actors[2], 8)])
        self.writer.app(0, [_message("one")])
        self.writer.app(1, [_message("two")])
        self.writer.app(0, [_message("three")])
        self.actors, self.cases, self.rejected = actors, [], []

    def craft(self, leaf=0, kind=envelope.APP, padded=None, device=None, damage=None, body=None, **changes):
        """The next envelope of a leaf with some header fields changed, sealed and signed as if it were right."""
        public, chain = self.writer.public, self.writer.chains[leaf]
        ctx, last = public.ctx[-1], public.generation.get(leaf, 0)
        generation = changes.get("generation", last + 1)
        mk = bytes(32)
        for step in range(last + 1, max(generation, last + 1) + 1):
            chain, mk = envelope.chain_step(chain, step, leaf)
        padded = frames.plaintext([_message("next")] if kind == envelope.APP else []) if padded is None else padded
        seq, prev, _ = public.by_device.get(public.roster[leaf].device, (0, bytes(32), 0))
        fields = dict(kind=kind, flags=0, thread=self.writer.thread, epoch=1, leaf=leaf, generation=generation, sender_seq=seq + 1,
                      prev_own=prev, ack_seq=public.position, ack_hash=public.T[-1], time=self.writer.time + 1000,
                      nonce=seed("refusals/nonce", 12), body_len=len(padded) + 16)
        if "ack_seq" in changes and changes["ack_seq"] <= public.position:
            changes.setdefault("ack_hash", public.T[changes["ack_seq"]])
        header = envelope.Header(**(fields | changes))
        ka, kc = envelope.message_keys(mk, header.nonce)
        header.commitment = envelope.commitment(kc, ctx, header.first160(), padded)
        if damage == "C":
            header.commitment = H("AF1 body", header.commitment)
        sealed = envelope.seal_body(ka, header.nonce, ctx, header.bytes(), padded) if body is None else body
        if damage == "tag":
            sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        e = envelope.digest(ctx, header.bytes())
        signer = (device or self.actors[leaf]).device
        if header.flags & batch.FLAG:
            return header.bytes() + sealed + batch.trailers([e], signer)[2][0]
        return header.bytes() + sealed + envelope.sign(signer, e)

    def replay(self):
        public = PublicThread(self.writer.public.ids, self.writer.thread)
        for record in self.writer.records:
            public.accept(record["envelope"])
        return public

    def refuse(self, name, check, raw):
        try:
            self.replay().accept(raw)
        except Malformed:
            self.cases.append({"name": name, "check": check, "envelope": raw})
            return
        raise AssertionError(f"accepted: {name}")

    def reject(self, name, why, raw):
        self.replay().accept(raw)
        self.rejected.append({"name": name, "why": why, "leaf": 0, "envelope": raw})


def _lengths(r, good):
    put = lambda at, value: good[:at] + value + good[at + len(value):]   # noqa: E731
    for name, raw in [("empty", b""), ("191 bytes", good[:191]), ("header alone", good[:192]), ("no signature", good[:-64]),
                      ("cut by one byte", good[:-1]), ("a byte too many", good + b"\0"), ("bodyLen too big", put(156, b"\xff\xff\xff\xff"))]:
        r.refuse(name, "length", raw)
    for name, check, at, value in [("magic", "magic", 0, b"FA"), ("version 2", "version", 2, b"\2"), ("suite 2", "suite", 3, b"\2"),
                                   ("kind 0", "kind", 4, b"\0"), ("kind 3", "kind", 4, b"\3"), ("flag bit1", "flags", 5, b"\2"),
                                   ("flag bit3", "flags", 5, b"\x08"), ("headerLen 193", "headerLen", 6, b"\xc1\0")]:
        r.refuse(name, check, put(at, value))


def _signed(r):
    position = r.writer.public.position
    one, craft = r.writer.records[1], r.craft
    r.refuse("suite 2, well signed", "suite", craft(suite=2))
    r.refuse("bit0 in a heartbeat", "flags", craft(kind=envelope.HEARTBEAT, flags=1))
    r.refuse("another thread", "threadId", craft(thread=seed("refusals/other")))
    r.refuse("epoch 0", "epoch", craft(epoch=0))
    r.refuse("epoch 2", "epoch", craft(epoch=2))
    good = craft()
    r.refuse("a leaf that does not exist", "leaf", good[:48] + b"\x07" + good[49:])
    r.refuse("a read-only member speaks", "role", craft(leaf=2))
    r.refuse("signed by another member", "signature", craft(device=r.actors[1]))
    r.refuse("signature of zeros", "signature", good[:-64] + bytes(64))
    r.refuse("batch trailer with depth 9", "length", _batched(r, b"\x09\0" + bytes(9 * 32)))
    r.refuse("batch index outside the tree", "length", _batched(r, b"\0\1"))
    r.refuse("batch sibling that does not lead to the root", "signature", _batched(r, b"\1\0" + bytes(32)))
    r.refuse("generation 0", "generation", craft(generation=0))
    r.refuse("the same generation", "generation", craft(generation=2))
    r.refuse("a gap of 1025 generations", "generation", craft(generation=2 + 1025))
    r.refuse("senderSeq repeated", "senderSeq", craft(sender_seq=3))
    r.refuse("senderSeq skips one", "senderSeq", craft(sender_seq=5))
    r.refuse("prevOwn of another", "prevOwn", craft(prev_own=r.writer.public.E[3]))
    r.refuse("prevOwn zero", "prevOwn", craft(prev_own=bytes(32)))
    r.refuse("ackSeq of the own position", "ackSeq", craft(ack_seq=position + 1))
    r.refuse("ackSeq goes back", "ackSeq", craft(ack_seq=2))
    r.refuse("ackHash of another position", "ackHash", craft(ack_hash=r.writer.public.T[2]))
    r.refuse("an old envelope again", "generation", one["envelope"])
    r.refuse("a Commit with a generation", "generation", craft(kind=envelope.COMMIT, generation=3, body=_empty_commit_body(r), body_len=_empty_len(r)))


def _empty_commit_body(r):
    """The body of the genesis Commit without its prefix is well formed; here it only has to parse."""
    body = r.writer.records[0]["body"]
    prefix = 32 + 136 + 4 + int.from_bytes(body[168:172], "little")
    return body[prefix:]


def _empty_len(r):
    return len(_empty_commit_body(r))


def _batched(r, path):
    raw = r.craft(flags=batch.FLAG)
    return raw[:-66] + path + raw[-64:]


def _secret(r):
    good = frames.plaintext([_message("next")])
    r.reject("the tag is wrong", "aead", r.craft(damage="tag"))
    r.reject("C commits to something else", "commitment", r.craft(damage="C"))
    r.reject("a byte after 0x80", "padding", r.craft(padded=good[:-1] + b"\1"))
    r.reject("no 0x80", "padding", r.craft(padded=good.replace(b"\x80", b"\0")))
    r.reject("no frame in an App envelope", "frames", r.craft(padded=frames.plaintext([])))
    r.reject("frames without bit0", "frames", r.craft(padded=frames.plaintext([_message("a"), _message("b")])))


def make():
    r = Refusals()
    good = r.craft()
    r.replay().accept(good)
    far = r.craft(generation=2 + 1024)
    r.replay().accept(far)
    _lengths(r, good)
    _signed(r)
    _secret(r)
    accepted = [{"name": "the next envelope", "envelope": good}, {"name": "a gap of 1024 generations", "envelope": far},
                {"name": "ackSeq stays", "envelope": r.craft(ack_seq=3)},
                {"name": "the read-only member's heartbeat", "envelope": r.craft(leaf=2, kind=envelope.HEARTBEAT)}]
    for case in accepted:
        r.replay().accept(case["envelope"])
    return {"refusals": {
        "threadId": r.writer.thread,
        "actors": [{"name": a.name, "agentId": a.agent_id, "log": a.log.bytes, "deviceSeed": a.device, "spkPrivate": a.spk}
                   for a in r.actors],
        "before": [record["envelope"] for record in r.writer.records], "accepted": accepted, "refused": r.cases,
        "rejected": r.rejected}}
