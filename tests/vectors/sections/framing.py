"""Contract ids, schema and catalogue hashes, frames, extension blocks, padding, plaintexts that must be refused."""

from af1 import frames
from af1.hashing import H
from af1.seeds import seed
from af1.wire import Malformed, Reader, u16, u32, u8

SCHEMA = 'syntax = "proto3";\n\nmessage Deploy {\n  string service = 1;\n  string version = 2;\n}\n'
NAMES = ["release.built", "release.deploy", "agentflow.approval", "agentflow.claim", "agentflow.idlog", "agentflow.leaf"]
PAYLOAD = bytes.fromhex("0a0473686f701205312e392e30")    # service "shop", version "1.9.0"


def all_extensions():
    return [(frames.TRACEPARENT, b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), (frames.BAGGAGE, b"tier=prod"),
            (frames.CAUSATION, seed("frame/causation", 16)), (frames.SALT, seed("frame/salt", 16)),
            (frames.TARGET, seed("frame/target")), (frames.SUBJECT, "Deploy shop 1.9.0 → production".encode()), (200, b"unknown")]


def deploy_frame(extensions):
    return frames.frame(frames.contract_id("release.deploy"), 1, 0, frames.PROTOBUF, frames.schema_hash(SCHEMA),
                        seed("frame/correlation", 16), frames.extensions(extensions), PAYLOAD)


def contracts():
    rows = [(frames.contract_id("release.deploy"), 1, 0, frames.PROTOBUF, frames.schema_hash(SCHEMA)),
            (frames.contract_id("release.built"), 2, 0, frames.JSON, frames.schema_hash("second"))]
    return {
        "contractIds": [{"name": n, "contractId": frames.contract_id(n)} for n in NAMES],
        "schema": {"text": SCHEMA, "schemaHash": frames.schema_hash(SCHEMA)},
        "catalogue": {"entries": [{"contractId": c, "major": a, "minor": b, "codec": d, "schemaHash": s} for c, a, b, d, s in rows],
                      "catalogueHash": frames.catalogue_hash(rows), "emptyHash": frames.catalogue_hash([])}}


def frame_samples():
    out = []
    for name, extensions in [("no extension", []), ("every extension type", all_extensions())]:
        raw = deploy_frame(extensions)
        parsed = frames.Frame(Reader(raw))
        out.append({"name": name, "contractId": parsed.contract_id, "major": 1, "minor": 0, "codec": 1,
                    "schemaHash": parsed.schema_hash, "correlationId": parsed.correlation,
                    "extensions": [{"type": t, "bytes": v} for t, v in extensions], "extensionBlock": parsed.extension_bytes,
                    "payload": PAYLOAD, "header": parsed.header, "frame": raw, "subject": parsed.subject()})
    return out


def padding():
    lengths = [2, 81, 255, 256, 257, 264, 265, 511, 512, 513, 1000, 4095, 4096, 4097, 5000, 65_536, 65_537, 131_072, 250_000,
               253_953, 258_047, 258_048]
    return [{"length": n, "padded": frames.padded_length(n)} for n in lengths]


def exact(length):
    """A plaintext of one raw frame whose unpadded length (frameCount to 0x80) is exactly the given one."""
    payload = bytes(i & 255 for i in range(length - 1 - frames.HEADER - 1))
    raw = frames.frame(frames.contract_id("release.built"), 1, 0, frames.RAW, bytes(32), bytes(16), b"", payload)
    return frames.plaintext([raw])


def plaintexts():
    out = [{"length": 2, "plaintext": frames.plaintext([])}]
    for length in (256, 257):
        out.append({"length": length, "plaintext": exact(length)})
    for length in (4096, 258_048):
        raw = exact(length)
        out.append({"length": length, "paddedLength": len(raw), "hash": H("AF1 filehash", raw)})
    return out


def _refuses(action):
    try:
        action()
    except Malformed:
        return True
    return False


def refused_plaintexts():
    one = deploy_frame([])
    good = frames.plaintext([one])

    def put(raw, at, value):
        return raw[:at] + value + raw[at + len(value):]

    def block(ext):
        return frames.plaintext([one[:22] + u16(len(ext)) + one[24:80] + ext + one[80:]])

    cases = [
        ("frameCount 0 in an App envelope", False, frames.plaintext([])),
        ("two frames without bit0", False, frames.plaintext([one, one])),
        ("one frame with bit0", True, good),
        ("frameCount says one more", True, put(good, 0, u8(2))),
        ("no 0x80", False, put(good, 1 + len(one), b"\0")),
        ("a byte after 0x80", False, put(good, len(good) - 1, b"\1")),
        ("a frame flag", False, put(good, 1 + 21, b"\1")),
        ("codec 3", False, put(good, 1 + 20, b"\3")),
        ("uncompressedLen is not zero", False, put(good, 1 + 76, u32(1))),
        ("payloadLen runs past the end", False, put(good, 1 + 72, u32(100_000))),
        ("extension types descend", False, block(b"\3" + u16(16) + bytes(16) + b"\2" + u16(0))),
        ("an extension type twice", False, block(b"\2" + u16(0) + b"\2" + u16(0))),
        ("an extension runs past its block", False, block(b"\2" + u16(9))),
        ("traceparent of 54 bytes", False, block(b"\1" + u16(54) + bytes(54))),
        ("a subject line that is not UTF-8", False, block(b"\6" + u16(1) + b"\xff")),
        ("salt of 15 bytes", False, block(b"\4" + u16(15) + bytes([1]) * 15)),
        ("salt of zeros", False, block(b"\4" + u16(16) + bytes(16))),
        ("target of 31 bytes", False, block(b"\5" + u16(31) + bytes(31))),
        ("empty", False, b""),
    ]
    for name, multi, raw in cases:
        assert _refuses(lambda: frames.parse_plaintext(raw, multi, False)), name
    return [{"name": n, "multiFrame": m, "plaintext": raw} for n, m, raw in cases]


def make():
    return {"contracts": contracts(), "frames": frame_samples(), "padding": padding(), "plaintexts": plaintexts(),
            "refusedPlaintexts": refused_plaintexts()}
