"""How ids are written for people: base32, addresses, fingerprints, approval ids, digests."""

import base64

from .wire import require

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def base32(raw):
    return base64.b32encode(raw).decode().rstrip("=").lower()


def from_base32(text, size):
    """Strict: lower case, exact length, unused trailing bits zero."""
    require(all(c in "abcdefghijklmnopqrstuvwxyz234567" for c in text), "not a base32 character")
    require(len(text) == (size * 8 + 4) // 5, "wrong base32 length")
    raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    require(base32(raw) == text, "nonzero trailing bits")
    return raw


def agent_text(agent_id):
    return "af1/" + base32(agent_id)


def address(name, hub, agent_id):
    return f"{name}@{hub}/{agent_text(agent_id)}"


def fingerprint(agent_id):
    bits = int.from_bytes(agent_id[:20], "big")
    chars = [CROCKFORD[bits >> (5 * (31 - i)) & 31] for i in range(32)]
    return "-".join("".join(chars[i:i + 4]) for i in range(0, 32, 4))


def thread_text(thread_id):
    return "thr_" + base32(thread_id)


def approval_id(request_e):
    return "apr_" + base32(request_e[:16])


def digest_text(subject):
    return "af1:" + subject.hex()


def link_code(digest16):
    return base32(digest16)
