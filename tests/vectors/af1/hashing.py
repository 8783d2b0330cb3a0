"""Label, H, MAC and KDF2: domain-separated BLAKE2b."""

from hashlib import blake2b


def label(text):
    raw = text.encode("ascii")
    if len(raw) > 16:
        raise ValueError(f"label '{text}' is longer than 16 bytes")
    return raw.ljust(16, b"\0")


def H(name, *parts):
    return blake2b(label(name) + b"".join(parts), digest_size=32).digest()


def MAC(key, name, *parts):
    if len(key) != 32:
        raise ValueError("a MAC key has 32 bytes")
    return blake2b(label(name) + b"".join(parts), key=key, digest_size=32).digest()


def KDF2(key, name, *parts):
    if len(key) != 32:
        raise ValueError("a KDF2 key has 32 bytes")
    out = blake2b(label(name) + b"".join(parts), key=key, digest_size=64).digest()
    return out[:32], out[32:]
