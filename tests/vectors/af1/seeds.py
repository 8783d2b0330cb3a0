"""All randomness of the vectors: bytes derived from a name, so that every run writes the same file."""

from hashlib import sha256

ROOT = b"AgentFlow AF1 test vectors, 1"


def seed(name, count=32):
    """The first count bytes of SHA-256(ROOT || 0 || name || 0 || u32 block) for block 0, 1, ..."""
    out = b""
    block = 0
    while len(out) < count:
        out += sha256(ROOT + b"\0" + name.encode() + b"\0" + block.to_bytes(4, "little")).digest()
        block += 1
    return out[:count]
