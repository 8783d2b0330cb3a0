"""Plaintext of an envelope: contract ids, frames, extension blocks, padding."""

from .hashing import H
from .wire import Reader, is_text, require, sized, u8, u16, u32

RAW, PROTOBUF, JSON = 0, 1, 2
TRACEPARENT, BAGGAGE, CAUSATION, SALT, TARGET, SUBJECT = 1, 2, 3, 4, 5, 6
EXTENSION_SIZES = {TRACEPARENT: 55, CAUSATION: 16, SALT: 16, TARGET: 32}
HEADER = 80
LARGEST_PADDED = 258_048


def contract_id(name):
    return H("AF1 contract", name.encode())[:16]


def schema_hash(text):
    return H("AF1 schema", text.encode())


def catalogue_hash(entries):
    """entries: (contractId, major, minor, codec, schemaHash)."""
    rows = sorted(c + u16(major) + u16(minor) + u8(codec) + s for c, major, minor, codec, s in entries)
    return H("AF1 catalogue", u32(len(rows)), b"".join(rows))


def extensions(items):
    """items: (type, bytes) in any order."""
    return b"".join(u8(kind) + u16(len(value)) + value for kind, value in sorted(items))


def parse_extensions(raw):
    reader, out, last = Reader(raw), {}, -1
    while reader.left:
        kind = reader.u8()
        require(kind > last, "extension types ascend without repeats")
        value = reader.take(reader.u16())
        require(len(value) == EXTENSION_SIZES.get(kind, len(value)), "size of a known extension")
        require(kind != SALT or value != bytes(16), "the salt is not zero")
        require(kind != TRACEPARENT or value.isascii(), "traceparent is ASCII")
        require(kind not in (BAGGAGE, SUBJECT) or is_text(value), "text is UTF-8")
        out[kind], last = value, kind
    return out


def frame(contract, major, minor, codec, schema, correlation, ext, payload):
    head = (sized(contract, 16) + u16(major) + u16(minor) + u8(codec) + u8(0) + u16(len(ext))
            + sized(schema, 32) + sized(correlation, 16) + u32(len(payload)) + u32(0))
    return sized(head, HEADER) + ext + payload


def builtin(name, payload, correlation=bytes(16)):
    """A frame of a contract that the protocol itself defines: major 1, minor 0, raw, no schema."""
    return frame(contract_id(name), 1, 0, RAW, bytes(32), correlation, b"", payload)


class Frame:
    def __init__(self, reader):
        start = reader.at
        self.contract_id, self.major, self.minor, self.codec = reader.take(16), reader.u16(), reader.u16(), reader.u8()
        require(self.codec in (RAW, PROTOBUF, JSON), "codec of a frame")
        reader.zero(1)
        ext_len = reader.u16()
        self.schema_hash, self.correlation, payload_len = reader.take(32), reader.take(16), reader.u32()
        require(reader.u32() == 0, "uncompressedLen is zero")
        self.header = reader.data[start:reader.at]
        self.extension_bytes = reader.take(ext_len)
        self.extensions = parse_extensions(self.extension_bytes)
        self.payload = reader.take(payload_len)

    def subject(self):
        return H("AF1 subject", self.header, u16(len(self.extension_bytes)), self.extension_bytes, self.payload)


def padded_length(length):
    """Padme: at most 6.3 % waste, and only O(log log) bits of the length are told."""
    if length <= 256:
        return 256
    a = length.bit_length() - 1
    b = a.bit_length()
    step = 1 << (a - b)
    return (length + step - 1) // step * step


def plaintext(frames):
    unpadded = u8(len(frames)) + b"".join(frames) + b"\x80"
    return unpadded.ljust(padded_length(len(unpadded)), b"\0")


def parse_plaintext(raw, multi_frame, heartbeat):
    reader = Reader(raw)
    count = reader.u8()
    require((count == 0) == heartbeat, "no frame in a heartbeat and only there")
    require((count > 1) == multi_frame, "bit0 says more than one frame")
    frames = [Frame(reader) for _ in range(count)]
    require(reader.u8() == 0x80, "0x80 ends the frames")
    reader.zero(reader.left)
    return frames
