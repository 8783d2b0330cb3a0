"""Labels, H, MAC, KDF2, texts of ids, the refusals of Ed25519, HPKE on its own."""

from hashlib import sha512

from af1 import aead, curve, ed25519, hpke, text
from af1.hashing import H, KDF2, MAC, label
from af1.seeds import seed

SIGNATURE = ["AF1 sig id", "AF1 sig spk", "AF1 sig hub", "AF1 sig leaf", "AF1 sig", "AF1 batch", "AF1 approval"]
HASH = ["AF1 idlog", "AF1 agent", "AF1 next", "AF1 recover", "AF1 spk", "AF1 hub auth", "AF1 leaf update", "AF1 thread id",
        "AF1 roster", "AF1 policy", "AF1 catalogue", "AF1 ctx", "AF1 wraps", "AF1 schema", "AF1 reason", "AF1 body", "AF1 env",
        "AF1 thread", "AF1 leaf env", "AF1 node", "AF1 contract", "AF1 subject", "AF1 effect", "AF1 blob", "AF1 filehash",
        "AF1 link"]
KEYED = ["AF1 confirm", "AF1 leaf", "AF1 commit", "AF1 store"]
WIDE = ["AF1 chain", "AF1 msg"]
OTHER = ["AF1 wrap", "AF1 file", "AF1 backup"]


def hashing():
    key, parts = seed("hashing/key"), [b"", b"a", bytes(range(200))]
    joined = b"".join(parts)
    return {
        "labels": [{"text": t, "bytes": label(t)} for t in SIGNATURE + HASH + KEYED + WIDE + OTHER],
        "key": key, "input": joined,
        "hash": [{"label": n, "empty": H(n), "input": H(n, joined)} for n in HASH],
        "mac": [{"label": n, "empty": MAC(key, n), "input": MAC(key, n, joined)} for n in KEYED],
        "kdf2": [{"label": n, "first": KDF2(key, n, joined)[0], "second": KDF2(key, n, joined)[1]} for n in WIDE],
    }


def texts():
    ids = [bytes(32), bytes([255]) * 32, bytes(range(32)), seed("text/id")]
    return [{"id": i, "base32": text.base32(i), "agent": text.agent_text(i), "address": text.address("build", "hub.example", i),
             "fingerprint": text.fingerprint(i), "approvalId": text.approval_id(i), "digest": text.digest_text(i)} for i in ids]


def hpke_sample():
    private, ephemeral = seed("hpke/receiver"), seed("hpke/ephemeral")
    info, aad, plaintext = b"info of the sample", b"aad of the sample", seed("hpke/plaintext")
    steps = hpke.seal_base(aead.x25519_public(private), info, aad, plaintext, ephemeral)
    return {"receiverPrivate": private, "receiverPublic": aead.x25519_public(private), "ephemeralPrivate": ephemeral,
            "info": info, "aad": aad, "plaintext": plaintext, **steps}


def _scalar(raw):
    return int.from_bytes(sha512(raw).digest(), "little") % curve.L


def _crafted(point, nonce_point, a, r, message):
    """A signature that holds in the group up to a point of small order."""
    public, big_r = curve.encode(point), curve.encode(nonce_point)
    k = _scalar(big_r + public + message)
    return public, big_r + ((r + k * a) % curve.L).to_bytes(32, "little"), k


def ed25519_cases():
    """Whether each case is valid must not depend on the implementation: members would disagree on what stands in a thread."""
    secret, message = seed("ed25519/seed"), b"AF1 acceptance test"
    public, good = ed25519.public(secret), ed25519.sign_raw(secret, message)
    cases = [("an ordinary signature", True, public, good)]
    s = int.from_bytes(good[32:], "little")
    cases.append(("S + L instead of S", False, public, good[:32] + (s + curve.L).to_bytes(32, "little")))
    a, r = _scalar(b"a"), _scalar(b"r")
    point, nonce = curve.multiply(a, curve.BASE), curve.multiply(r, curve.BASE)
    mixed = curve.add(point, curve.TORSION)
    for counter in range(100):      # a k that 8 divides would cancel the torsion part
        r = _scalar(b"r%d" % counter)
        key, signature, k = _crafted(mixed, curve.multiply(r, curve.BASE), a, r, message)
        if k % 8:
            break
    cases.append(("mixed-order A: a cofactored library accepts", False, key, signature))
    for counter in range(100):      # here 8 divides k, so the equation holds without cofactor
        r = _scalar(b"r%d" % counter)
        key, signature, k = _crafted(mixed, curve.multiply(r, curve.BASE), a, r, message)
        if k % 8 == 0:
            break
    cases.append(("mixed-order A that holds without cofactor", True, key, signature))
    key, signature, _ = _crafted(point, curve.add(nonce, curve.TORSION), a, _scalar(b"r"), message)
    cases.append(("mixed-order R: a cofactored library accepts", False, key, signature))
    identity = curve.encode(curve.IDENTITY)
    cases.append(("small-order A (the identity), R = S * B", False, identity, _crafted(curve.IDENTITY, nonce, 0, _scalar(b"r"), message)[1]))
    key, signature, _ = _crafted(point, curve.IDENTITY, a, 0, message)
    cases.append(("small-order R (the identity)", False, key, signature))
    non_canonical = (curve.P + 1).to_bytes(32, "little")
    cases.append(("non-canonical A (y = p + 1)", False, non_canonical, curve.encode(nonce) + _scalar(b"r").to_bytes(32, "little")))
    for name, valid, key, signature in cases:
        assert ed25519.verify_raw(key, signature, message) == valid, name
    return {"message": message, "cases": [{"name": n, "valid": v, "publicKey": k, "signature": s} for n, v, k, s in cases]}


def make():
    hpke.self_test()
    return {"hashing": hashing(), "texts": texts(), "hpke": hpke_sample(), "ed25519": ed25519_cases()}
