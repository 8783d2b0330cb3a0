#!/usr/bin/python3
"""Verifies an .afproof offline, with no key and no store: a second opinion on receipts that AgentFlow writes.

Exit code 0: the file is true and the approval is met. 1: true, but the approval is not met. 2: false or unreadable.
"""

import argparse
import pathlib
import sys
from datetime import datetime, timezone

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from af1 import proof, text  # noqa: E402
from af1.wire import Malformed  # noqa: E402

DECISIONS = {1: "yes", 2: "no", 3: "abstain", 4: "withdraw"}


def identifier(value, prefix):
    """An id as prefix + base32, or as 64 hex digits."""
    raw = value.removeprefix(prefix)
    return bytes.fromhex(raw) if len(raw) == 64 else text.from_base32(raw, 32)


def when(milliseconds):
    try:
        return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return f"{milliseconds} ms"


def show(verdict):
    print(f"thread    {text.thread_text(verdict.thread)}")
    print(f"creator   {text.agent_text(verdict.creator)}")
    print(f"request   {text.approval_id(verdict.request_e)}" + (f" at position {verdict.position}" if verdict.position else ""))
    print(f"digest    {text.digest_text(verdict.subject)}")
    for position, s in verdict.votes:
        print(f"{DECISIONS[s.decision]:9} {text.agent_text(s.approver)} at position {position}, rule {s.rule_id}, issued {when(s.issued)}")
    for position, why in verdict.ignored:
        print(f"ignored   statement at position {position}: {why}")
    for note in verdict.notes:
        print(f"note      {note}")
    print("MET" if verdict.met else "NOT MET")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--thread", required=True, help="the thread you expect: thr_... or 64 hex digits")
    parser.add_argument("--creator", help="the creator you expect: af1/... or 64 hex digits")
    arguments = parser.parse_args()
    try:
        thread = identifier(arguments.thread, "thr_")
        creator = identifier(arguments.creator, "af1/") if arguments.creator else None
        verdict = proof.verify(arguments.file.read_bytes(), thread, creator)
    except (Malformed, ValueError, OSError) as why:
        print(f"FALSE: {why}", file=sys.stderr)
        return 2
    show(verdict)
    return 0 if verdict.met else 1


if __name__ == "__main__":
    sys.exit(main())
