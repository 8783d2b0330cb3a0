"""Edwards25519 in plain integers: what the library does not tell, namely point order and canonical form.

Not constant-time and slow: for checks of public values and for hostile vectors only.
"""

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + t, P - 2, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, P - 2, P) % P)


def negate(a):
    return (-a[0] % P, a[1])


def multiply(n, a):
    out = IDENTITY
    while n:
        if n & 1:
            out = add(out, a)
        a = add(a, a)
        n >>= 1
    return out


def decode(raw):
    """The point, or None. Takes non-canonical y too: the caller asks is_canonical."""
    n = int.from_bytes(raw, "little")
    sign, y = n >> 255, (n & (2 ** 255 - 1)) % P
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * SQRT_M1 % P
    if (x * x - xx) % P:
        return None
    return (x if x & 1 == sign else -x % P, y)


def encode(a):
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


def is_canonical(raw):
    return int.from_bytes(raw, "little") & (2 ** 255 - 1) < P


BASE = decode(bytes([0x58]) + bytes([0x66]) * 31)
# A point of order 8: L times any point outside the prime-order subgroup gives a torsion point.
TORSION = next(t for t in (multiply(L, decode(bytes([n]) + bytes(31))) for n in range(3, 60) if decode(bytes([n]) + bytes(31)))
               if multiply(4, t) != IDENTITY)
# The y of all eight points of small order, and the two that can be written with y >= p.
SMALL_ORDER = {multiply(n, TORSION)[1] for n in range(8)} | {P, P + 1}


def is_small_order(raw):
    return int.from_bytes(raw, "little") & (2 ** 255 - 1) in SMALL_ORDER
