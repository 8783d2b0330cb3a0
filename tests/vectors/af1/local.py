"""What stays at home: the record of the local store, and the backup file."""

from . import aead, attachment, hpke
from .hashing import MAC
from .wire import Reader, require, sized, u8, u32, u64


def record_key(storage_key, position, random):
    return MAC(storage_key, "AF1 store", u64(position), sized(random, 12))


def seal_record(storage_key, thread, position, random, plaintext):
    return aead.seal(record_key(storage_key, position, random), random, thread + u64(position), plaintext)


def backup_header(memory_kib, passes, salt, prefix):
    return sized(b"AFBK" + u8(1) + u8(1) + u32(memory_kib) + u32(passes) + u8(1) + sized(salt, 16) + sized(prefix, 12), 43)


def parse_backup_header(raw):
    reader = Reader(raw)
    require(reader.take(4) == b"AFBK" and reader.u8() == 1 and reader.u8() == 1, "magic, version or kdf of a backup")
    memory, passes, lanes = reader.u32(), reader.u32(), reader.u8()
    require(65_536 <= memory <= 1_048_576 and passes >= 3 and lanes == 1, "cost of the passphrase hash")
    return memory, passes, reader.take(16), reader.take(12)


def argon2id(passphrase, salt, memory_kib, passes):
    """32 bytes, or None where the library is not installed."""
    try:
        from argon2.low_level import Type, hash_secret_raw
    except ImportError:
        return None
    return hash_secret_raw(passphrase, salt, passes, memory_kib, 1, 32, Type.ID, version=19)


def backup_key(argon_output, prefix):
    return hpke.hkdf_expand(hpke.hkdf_extract(prefix, argon_output), b"AF1 backup", 32)


def seal_backup(key, header, plaintext):
    return header + attachment.seal(key, header, plaintext)
