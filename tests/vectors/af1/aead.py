"""AES-256-GCM and X25519, thin over the library."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .wire import Malformed


def seal(key, nonce, aad, plaintext):
    return AESGCM(key).encrypt(nonce, plaintext, aad)


def open_(key, nonce, aad, sealed):
    try:
        return AESGCM(key).decrypt(nonce, sealed, aad)
    except InvalidTag:
        raise Malformed("the AEAD tag is wrong") from None


def x25519_public(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def is_low_order(peer):
    """A leaf key of low order gives the zero secret to everybody: nobody could be kept out."""
    try:
        x25519(bytes([8]) * 32, peer)
        return False
    except Malformed:
        return True


def x25519(private, peer):
    """The shared secret; an all-zero one (low-order peer key) is refused."""
    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(peer))
    except ValueError:
        raise Malformed("X25519 gave the all-zero secret") from None
