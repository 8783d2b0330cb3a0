"""Attachments: 64 KiB chunks of AES-256-GCM in the STREAM order, content-addressed."""

from . import aead
from .hashing import H, label
from .wire import require

CHUNK, TAG = 65_536, 16


def chunks(plaintext):
    return [plaintext[i:i + CHUNK] for i in range(0, len(plaintext), CHUNK)] or [b""]


def nonce(index, last):
    return index.to_bytes(11, "big") + (b"\1" if last else b"\0")


def seal(key, aad, plaintext):
    parts = chunks(plaintext)
    return b"".join(aead.seal(key, nonce(i, i == len(parts) - 1), aad, part) for i, part in enumerate(parts))


def open_(key, aad, sealed):
    parts = [sealed[i:i + CHUNK + TAG] for i in range(0, len(sealed), CHUNK + TAG)]
    require(bool(parts), "at least one chunk")
    opened = [aead.open_(key, nonce(i, i == len(parts) - 1), aad, part) for i, part in enumerate(parts)]
    require(opened[-1] != b"" or len(opened) == 1, "an empty chunk only for an empty file")
    return b"".join(opened)


def file_aad(thread):
    return label("AF1 file") + thread


def blob_id(sealed):
    return H("AF1 blob", sealed)


def plaintext_hash(plaintext):
    return H("AF1 filehash", plaintext)


def content(size):
    """The rule of the vectors: byte i is (i * 7 + (i >> 8)) & 255."""
    return bytes((i * 7 + (i >> 8)) & 255 for i in range(size))
