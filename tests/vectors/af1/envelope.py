"""Envelope: header, ratchet step, commitment, AEAD, digest, signature, thread hash."""

from . import aead, batch, ed25519
from .hashing import H, KDF2, MAC
from .wire import Reader, i64, require, sized, u8, u16, u32, u64

APP, COMMIT, HEARTBEAT = 1, 2, 4
MULTI = 0x01
HEADER, LARGEST = 192, 262_144


class Header:
    """The 192 bytes; commitment stays empty until it is known."""

    def __init__(self, kind, flags, thread, epoch, leaf, generation, sender_seq, prev_own, ack_seq, ack_hash, time,
                 nonce, body_len, suite=1, commitment=None):
        self.kind, self.flags, self.thread, self.epoch, self.leaf = kind, flags, thread, epoch, leaf
        self.generation, self.sender_seq, self.prev_own = generation, sender_seq, prev_own
        self.ack_seq, self.ack_hash, self.time, self.nonce = ack_seq, ack_hash, time, nonce
        self.body_len, self.suite, self.commitment = body_len, suite, commitment

    def first160(self):
        return sized(b"AF" + u8(1) + u8(self.suite) + u8(self.kind) + u8(self.flags) + u16(HEADER) + sized(self.thread, 32)
                     + u64(self.epoch) + u32(self.leaf) + u32(self.generation) + u64(self.sender_seq)
                     + sized(self.prev_own, 32) + u64(self.ack_seq) + sized(self.ack_hash, 32) + i64(self.time)
                     + sized(self.nonce, 12) + u32(self.body_len), 160)

    def bytes(self):
        return self.first160() + sized(self.commitment, 32)


def parse_header(raw):
    reader = Reader(raw)
    require(reader.take(2) == b"AF" and reader.u8() == 1, "magic or version of an envelope")
    suite, kind, flags = reader.u8(), reader.u8(), reader.u8()
    require(kind in (APP, COMMIT, HEARTBEAT), "kind of an envelope")
    require(flags & ~(MULTI | batch.FLAG) == 0 and (not flags & MULTI or kind == APP), "flags of an envelope")
    require(reader.u16() == HEADER, "headerLen")
    fields = (reader.take(32), reader.u64(), reader.u32(), reader.u32(), reader.u64(), reader.take(32), reader.u64(),
              reader.take(32), reader.i64(), reader.take(12), reader.u32())
    header = Header(kind, flags, *fields, suite=suite, commitment=reader.take(32))
    reader.end()
    return header


def chain_start(epoch_secret, ctx, leaf):
    return MAC(epoch_secret, "AF1 leaf", ctx, u32(leaf))


def chain_step(chain_key, generation, leaf):
    """Returns (next chain key, message key)."""
    return KDF2(chain_key, "AF1 chain", u32(generation), u32(leaf))


def message_keys(message_key, nonce):
    """Returns (Ka, Kc)."""
    return KDF2(message_key, "AF1 msg", nonce)


def commitment(kc, ctx, header160, padded):
    return MAC(kc, "AF1 commit", ctx, header160, padded)


def commit_commitment(header160, body_through_wraps_hash):
    return H("AF1 body", header160, body_through_wraps_hash)


def digest(ctx, header192):
    return H("AF1 env", ctx, header192)


def sign(device_seed, e):
    return ed25519.sign(device_seed, "AF1 sig", e)


def thread_hash(previous, position, e):
    return H("AF1 thread", previous, u64(position), e)


def seal_body(ka, nonce, ctx, header192, padded):
    return aead.seal(ka, nonce, ctx + header192, padded)


def open_body(ka, nonce, ctx, header192, body):
    return aead.open_(ka, nonce, ctx + header192, body)


class Trailer:
    def __init__(self, reader, flags):
        start = reader.at
        self.depth = self.index = None
        self.siblings = []
        if flags & batch.FLAG:
            self.depth, self.index = reader.u8(), reader.u8()
            require(self.depth <= 8 and self.index < 1 << self.depth, "depth or index of a batch trailer")
            self.siblings = [reader.take(32) for _ in range(self.depth)]
        self.signature = reader.take(64)
        self.bytes = reader.data[start:reader.at]

    def verify(self, device, e):
        if self.depth is None:
            return ed25519.verify(device, self.signature, "AF1 sig", e)
        return ed25519.verify(device, self.signature, "AF1 batch", batch.root_of(e, self.index, self.siblings))


def split(raw):
    """Returns (header, body, trailer) after the length checks."""
    require(len(raw) <= LARGEST, "an envelope has at most 262,144 bytes")
    reader = Reader(raw)
    header = parse_header(reader.take(HEADER))
    body = reader.take(header.body_len)
    trailer = Trailer(reader, header.flags)
    reader.end()
    return header, body, trailer
