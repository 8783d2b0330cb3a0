"""One module per section of af1-vectors.json; each has make() and returns plain dicts with bytes in them."""

from . import approvals, basics, batches, framing, identities, threads

SECTIONS = (basics, identities, framing, batches, threads, approvals)
