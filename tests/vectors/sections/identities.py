"""An identity log that goes through every kind of entry, a key bundle, a hub login, a linking code."""

from af1 import bundle, ed25519, text
from af1.aead import x25519_public
from af1.identity import ADMIN, APPROVE, DEVICE, LogWriter, entry_hash
from af1.identity_log import IdentityLog
from af1.seeds import seed
from af1.world import DAY, TIME

KEYS = ["root", "root 2", "root 3", "root 4", "recovery", "recovery 2", "device", "device 2", "approver", "admin", "late device"]


def _keys():
    return {n: seed(f"identity/{n}") for n in KEYS}


def log():
    k, writer, steps = _keys(), LogWriter(), []

    def note(kind, signers, **facts):
        log_now = IdentityLog(writer.bytes)
        raw, unsigned = writer.entries[-1], writer.unsigned[-1]
        steps.append({
            "type": kind, "seq": writer.head_seq, "signers": signers, **facts, "header": raw[:52], "body": unsigned[52:],
            "entry": raw, "hash": entry_hash(unsigned), "head": writer.head,
            "keys": [{"publicKey": key, "usage": v.usage, "notAfter": v.not_after, "live": v.revoked is None}
                     for key, v in log_now.keys.items()],
            "root": log_now.roots[-1]})

    writer.genesis(TIME, "build", k["root"], k["root 2"], k["recovery"])
    note("Genesis", ["root"])
    writer.add_key(TIME + 1, k["device"], DEVICE, k["root"])
    note("AddKey", ["root", "device"], usage=DEVICE)
    writer.add_key(TIME + 2, k["approver"], APPROVE, k["root"], TIME + 365 * DAY)
    note("AddKey", ["root", "approver"], usage=APPROVE)
    writer.add_key(TIME + 3, k["admin"], ADMIN, k["root"])
    note("AddKey", ["root", "admin"], usage=ADMIN)
    writer.add_key(TIME + 4, k["device 2"], DEVICE, k["admin"])
    note("AddKey", ["admin", "device 2"], usage=DEVICE)
    writer.revoke_key(TIME + 5, k["device 2"], k["admin"], 1, TIME + 4)
    note("RevokeKey", ["admin"])
    writer.add_key(TIME + 6, k["late device"], DEVICE, k["admin"])
    note("AddKey", ["admin", "late device"], usage=DEVICE)
    writer.rotate_root(TIME + 7, k["root"], k["root 2"], k["root 3"], k["recovery"], 5)
    note("RotateRoot", ["root", "root 2"], keepThroughSeq=5)
    writer.recover(TIME + 8, k["root 4"], k["root 3"], k["recovery"], k["recovery 2"], 3)
    note("Recover", ["recovery", "root 4"], keepThroughSeq=3)
    return {
        "keys": [{"name": n, "seed": s, "publicKey": ed25519.public(s)} for n, s in k.items()],
        "entries": steps, "joined": writer.bytes, "agentId": writer.agent_id, "name": "build", "headSeq": writer.head_seq,
        "head": writer.head, "address": text.address("build", "hub.example", writer.agent_id),
        "agentText": text.agent_text(writer.agent_id), "fingerprint": text.fingerprint(writer.agent_id),
        "refused": _refused(k)}


def _refused(k):
    """Whole logs, well signed, that break one rule each."""
    def base():
        return (LogWriter().genesis(TIME, "build", k["root"], k["root 2"], k["recovery"])
                .add_key(TIME, k["admin"], ADMIN, k["root"]).add_key(TIME, k["device"], DEVICE, k["admin"]))

    def bent(at, old, new):
        raw = bytearray(base().bytes)
        assert bytes(raw[at:at + len(old)]) == old
        raw[at:at + len(new)] = new
        return bytes(raw)

    forged = base()
    forged._append(2, TIME, forged.unsigned[2][52:], [k["admin"]])
    cases = [
        ("an admin key adds an approver", base().add_key(TIME, k["approver"], APPROVE, k["admin"]).bytes),
        ("an admin key adds an admin", base().add_key(TIME, k["approver"], ADMIN, k["admin"]).bytes),
        ("a device key adds a device", base().add_key(TIME, k["device 2"], DEVICE, k["device"]).bytes),
        ("a revoked admin key adds a device", base().revoke_key(TIME, k["admin"], k["root"])
         .add_key(TIME, k["device 2"], DEVICE, k["admin"]).bytes),
        ("usage names two uses", base().add_key(TIME, k["device 2"], DEVICE | APPROVE, k["root"]).bytes),
        ("a key is added twice", base().add_key(TIME, k["device"], DEVICE, k["root"]).bytes),
        ("a revoked key comes back", base().revoke_key(TIME, k["device"], k["root"]).add_key(TIME, k["device"], DEVICE, k["root"]).bytes),
        ("the root is added as a key", base().add_key(TIME, k["root"], DEVICE, k["root"]).bytes),
        ("the next root was not committed to", base().rotate_root(TIME, k["root"], k["root 3"], k["root 4"], None, 1).bytes),
        ("keepThroughSeq is not before the entry", base().rotate_root(TIME, k["root"], k["root 2"], k["root 3"], None, 3).bytes),
        ("another recovery key", base().recover(TIME, k["root 4"], k["root 3"], k["recovery 2"], None, 1).bytes),
        ("a signature is missing", forged.bytes),
        ("magic", bent(0, b"AI", b"IA")),
        ("version 2", bent(2, b"\1", b"\2")),
        ("reserved byte", bent(51, b"\0", b"\1")),
        ("a gap in seq", bent(len(base().entries[0]) + 4, b"\1", b"\2")),
        ("the last byte is cut", base().bytes[:-1]),
        ("a byte too many", base().bytes + b"\0"),
        ("no entry at all", b""),
        ("a name with a byte order mark", LogWriter().genesis(TIME, "\ufeffbuild", k["root"], k["root 2"]).bytes),
    ]
    for name, raw in cases:
        try:
            IdentityLog(raw)
        except Exception as error:
            assert type(error).__name__ == "Malformed", name
        else:
            raise AssertionError(f"accepted: {name}")
    return [{"name": n, "joined": raw} for n, raw in cases]


def bundle_sample():
    k = _keys()
    writer = LogWriter().genesis(TIME, "build", k["root"], k["root 2"]).add_key(TIME + 1, k["device"], DEVICE, k["root"])
    spk = seed("identity/spk")
    body = bundle.unsigned(writer.agent_id, writer.head_seq, writer.head, ed25519.public(k["device"]), 7, x25519_public(spk),
                           TIME + 2, TIME + 2 + DAY)
    raw = bundle.sign(body, k["device"])
    bundle.Bundle(raw)
    return {"log": writer.bytes, "agentId": writer.agent_id, "idLogSeq": writer.head_seq, "idLogHead": writer.head,
            "deviceSeed": k["device"], "devicePk": ed25519.public(k["device"]), "spkId": 7, "spkPrivate": spk,
            "spk": x25519_public(spk), "created": TIME + 2, "notAfter": TIME + 2 + DAY, "suites": 1, "body": body,
            "digest": bundle.digest(body), "signature": raw[160:], "bundle": raw}


def login_samples():
    device, out = seed("identity/device"), []
    for scheme, host, port in [("https", "Hub.Example", None), ("https", "hub.example", 443), ("http", "localhost", 5000)]:
        origin, challenge = bundle.origin_for_login(scheme, host, port), seed(f"login/{scheme}/{host}")
        out.append({"scheme": scheme, "host": host, "port": port, "origin": origin, "challenge": challenge,
                    "digest": bundle.login_digest(origin, challenge), "deviceSeed": device,
                    "signature": bundle.login(device, origin, challenge)})
    return out


def link_sample():
    device, spk, random = ed25519.public(seed("link/device")), x25519_public(seed("link/spk")), seed("link/random")
    digest = bundle.link_digest(device, spk, random)
    return {"devicePk": device, "spk": spk, "random": random, "digest": digest, "code": text.link_code(digest)}


def make():
    return {"identityLog": log(), "bundle": bundle_sample(), "hubLogin": login_samples(), "linking": link_sample()}
