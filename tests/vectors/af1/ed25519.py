"""Ed25519 as suite 1 wants it: cofactorless, S < L, no small-order A or R, no non-canonical A."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import curve
from .hashing import label


def public(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign_raw(seed, message):
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def sign(seed, name, digest):
    """Signs Label(name) || a 32-byte value: the form of six of the seven AF1 signatures."""
    return sign_raw(seed, label(name) + digest)


def verify_raw(key, signature, message):
    if len(key) != 32 or len(signature) != 64:
        return False
    if not curve.is_canonical(key) or curve.is_small_order(key) or curve.is_small_order(signature[:32]):
        return False
    if int.from_bytes(signature[32:], "little") >= curve.L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except InvalidSignature:
        return False


def verify(key, signature, name, digest):
    return verify_raw(key, signature, label(name) + digest)
