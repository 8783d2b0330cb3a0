"""Key bundle (signed prekey, 224 bytes), hub login and the device linking code."""

from . import ed25519
from .hashing import H
from .wire import Reader, i64, require, sized, u8, u16, u32

SIZE = 224


def unsigned(agent_id, log_seq, log_head, device, spk_id, spk, created, not_after, suites=1):
    return sized(b"AP" + u8(1) + u8(0) + agent_id + u32(log_seq) + log_head + device + u32(spk_id) + spk
                 + i64(created) + i64(not_after) + u32(suites), 160)


def digest(body):
    return H("AF1 spk", body)


def sign(body, device_seed):
    return body + ed25519.sign(device_seed, "AF1 sig spk", digest(body))


class Bundle:
    def __init__(self, raw):
        require(len(raw) == SIZE, "a bundle has 224 bytes")
        reader = Reader(raw)
        require(reader.take(2) == b"AP" and reader.u8() == 1 and reader.u8() == 0, "magic, version or flags of a bundle")
        self.agent_id, self.log_seq, self.log_head = reader.take(32), reader.u32(), reader.take(32)
        self.device, self.spk_id, self.spk = reader.take(32), reader.u32(), reader.take(32)
        self.created, self.not_after, self.suites = reader.i64(), reader.i64(), reader.u32()
        self.signature = reader.take(64)
        require(ed25519.verify(self.device, self.signature, "AF1 sig spk", digest(raw[:160])), "signature of a bundle")


def origin_for_login(scheme, host, port=None):
    default = {"https": 443, "http": 80}.get(scheme.lower())
    tail = "" if port is None or port == default else f":{port}"
    return f"{scheme}://{host}".lower() + tail


def login_digest(origin, challenge):
    raw = origin.encode()
    return H("AF1 hub auth", u16(len(raw)), raw, sized(challenge, 32))


def login(device_seed, origin, challenge):
    return ed25519.sign(device_seed, "AF1 sig hub", login_digest(origin, challenge))


def link_digest(device, spk, random):
    return H("AF1 link", device, spk, sized(random, 32))[:16]
