"""One module per section of af1-vectors.json; each has make() and returns plain dicts with bytes in them."""

from . import approvals, basics, batches, counts, files, framing, geneses, identities, proofs, refusals, threads

SECTIONS = (basics, identities, framing, batches, threads, refusals, geneses, approvals, proofs, counts, files)
