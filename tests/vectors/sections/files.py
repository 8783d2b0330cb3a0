"""Attachments, the local record, the backup file."""

from af1 import attachment, local
from af1.seeds import seed
from af1.wire import Malformed

PASSPHRASE = b"correct horse battery staple"
# Argon2id(PASSPHRASE, seed("backup/salt", 16), m = 65536 KiB, t = 3, p = 1), for machines without python3-argon2.
ARGON2 = "7651abbdecf47efb16e5cc1bc69530823fc9ec6c3b22ac9cfab8e8067c113a1e"


def attachments():
    thread, out = seed("attachment/thread"), []
    for size in (0, 1, 65_535, 65_536, 65_537, 131_072):
        key, plain = seed(f"attachment/key {size}"), attachment.content(size)
        sealed = attachment.seal(key, attachment.file_aad(thread), plain)
        assert attachment.open_(key, attachment.file_aad(thread), sealed) == plain
        out.append({"size": size, "key": key, "chunks": len(attachment.chunks(plain)), "sealedSize": len(sealed),
                    "firstNonce": attachment.nonce(0, size <= attachment.CHUNK), "lastTag": sealed[-16:],
                    "blobId": attachment.blob_id(sealed), "plaintextHash": attachment.plaintext_hash(plain),
                    **({"sealed": sealed} if size <= 1 else {})})
    return {"threadId": thread, "aad": attachment.file_aad(thread),
            "contentRule": "byte i is (i * 7 + (i >> 8)) & 255", "files": out}


def record():
    key, thread, random, position = seed("record/key"), seed("record/thread"), seed("record/random", 12), 42
    plain = b"one record of the local store"
    return {"threadStorageKey": key, "threadId": thread, "position": position, "random": random, "plaintext": plain,
            "recordKey": local.record_key(key, position, random), "sealed": local.seal_record(key, thread, position, random, plain)}


def backup():
    salt, prefix = seed("backup/salt", 16), seed("backup/prefix", 12)
    header = local.backup_header(65_536, 3, salt, prefix)
    argon = local.argon2id(PASSPHRASE, salt, 65_536, 3)
    if argon is not None and argon.hex() != ARGON2:
        raise ValueError(f"Argon2id gave {argon.hex()}")
    key = local.backup_key(bytes.fromhex(ARGON2), prefix)
    content = attachment.content(70_000)
    sealed = local.seal_backup(key, header, content)
    small = local.seal_backup(key, header, b"small")
    refused = [("memory below 64 MiB", 65_535, 3), ("memory above 1 GiB", 1_048_577, 3), ("two passes", 65_536, 2)]
    for name, memory, passes in refused:
        try:
            local.parse_backup_header(local.backup_header(memory, passes, salt, prefix))
        except Malformed:
            continue
        raise AssertionError(name)
    return {"passphrase": PASSPHRASE, "memoryKiB": 65_536, "passes": 3, "salt": salt, "prefix": prefix, "header": header,
            "argon2id": bytes.fromhex(ARGON2), "key": key, "small": {"plaintext": b"small", "file": small},
            "big": {"contentSize": len(content), "fileSize": len(sealed), "fileHash": attachment.plaintext_hash(sealed)},
            "refusedHeaders": [{"name": n, "header": local.backup_header(m, t, salt, prefix)} for n, m, t in refused]}


def make():
    return {"attachments": attachments(), "localRecord": record(), "backup": backup()}
