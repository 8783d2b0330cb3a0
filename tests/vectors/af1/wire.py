"""Little-endian integers, and a reader that never runs past the end."""


class Malformed(Exception):
    """The bytes break the format or a rule. The text names the rule."""


def u8(n):
    return n.to_bytes(1, "little")


def u16(n):
    return n.to_bytes(2, "little")


def u32(n):
    return n.to_bytes(4, "little")


def u64(n):
    return n.to_bytes(8, "little")


def i64(n):
    return n.to_bytes(8, "little", signed=True)


def require(condition, rule):
    if not condition:
        raise Malformed(rule)


def is_text(raw):
    """UTF-8 without byte order mark."""
    try:
        return not raw.decode("utf-8").startswith("\ufeff")
    except UnicodeDecodeError:
        return False


def sized(data, size):
    """Returns data unchanged: a guard against a field of the wrong length when bytes are built."""
    if len(data) != size:
        raise ValueError(f"expected {size} bytes, got {len(data)}")
    return data


class Reader:
    def __init__(self, data):
        self.data = bytes(data)
        self.at = 0

    @property
    def left(self):
        return len(self.data) - self.at

    def take(self, count):
        require(count <= self.left, "input ends too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def uint(self, size):
        return int.from_bytes(self.take(size), "little")

    def u8(self):
        return self.uint(1)

    def u16(self):
        return self.uint(2)

    def u32(self):
        return self.uint(4)

    def u64(self):
        return self.uint(8)

    def i64(self):
        return int.from_bytes(self.take(8), "little", signed=True)

    def zero(self, count):
        require(self.take(count) == bytes(count), "reserved bytes must be zero")

    def end(self):
        require(self.left == 0, "bytes after the end")
