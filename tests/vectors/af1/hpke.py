"""HPKE (RFC 9180), base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM."""

import hashlib
import hmac

from . import aead

KEM = b"KEM" + (0x0020).to_bytes(2, "big")


def hkdf_extract(salt, ikm):
    return hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()


def hkdf_expand(prk, info, length):
    out = block = b""
    counter = 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        out += block
        counter += 1
    return out[:length]


def _extract(suite, salt, name, ikm):
    return hkdf_extract(salt, b"HPKE-v1" + suite + name + ikm)


def _expand(suite, prk, name, info, length):
    return hkdf_expand(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + name + info, length)


def _kem_secret(dh, enc, receiver):
    return _expand(KEM, _extract(KEM, b"", b"eae_prk", dh), b"shared_secret", enc + receiver, 32)


def key_schedule(shared, info, aead_id=0x0002):
    """Returns (key, base nonce)."""
    suite = b"HPKE" + b"".join(n.to_bytes(2, "big") for n in (0x0020, 0x0001, aead_id))
    context = b"\0" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    secret = _extract(suite, shared, b"secret", b"")
    return (_expand(suite, secret, b"key", context, 16 if aead_id == 1 else 32), _expand(suite, secret, b"base_nonce", context, 12))


def seal_base(receiver, info, aad, plaintext, ephemeral, aead_id=0x0002):
    """Seals with a given ephemeral private key (a real sender draws a fresh one). Returns every step."""
    enc = aead.x25519_public(ephemeral)
    shared = _kem_secret(aead.x25519(ephemeral, receiver), enc, receiver)
    key, nonce = key_schedule(shared, info, aead_id)
    return {"enc": enc, "sharedSecret": shared, "key": key, "baseNonce": nonce, "ct": aead.seal(key, nonce, aad, plaintext)}


def open_base(private, enc, info, aad, ciphertext):
    shared = _kem_secret(aead.x25519(private, enc), enc, aead.x25519_public(private))
    key, nonce = key_schedule(shared, info)
    return aead.open_(key, nonce, aad, ciphertext)


def self_test():
    """RFC 9180 A.1.1 (same KEM and KDF; its AEAD is AES-128-GCM) up to the first ciphertext."""
    sealed = seal_base(
        bytes.fromhex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"),
        bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
        bytes.fromhex("436f756e742d30"),
        bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479"),
        bytes.fromhex("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"), 1)
    assert sealed["sharedSecret"].hex() == "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc"
    assert sealed["key"].hex() == "4531685d41d65f03dc48f6b8302c05b0"
    assert sealed["baseNonce"].hex() == "56d890e5accaaf011cff4b7d"
    assert sealed["ct"].hex() == ("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
                                  "6d8770ac83d07bea87e13c512a")
