#!/usr/bin/python3
"""Writes tests/Protocol.Tests/Vectors/af1-vectors.json; with --check compares instead and exits 1 on a difference."""

import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from sections import SECTIONS  # noqa: E402

TARGET = pathlib.Path(__file__).resolve().parents[1] / "Protocol.Tests" / "Vectors" / "af1-vectors.json"


def plain(value):
    """Bytes become lower-case hex; everything else is already JSON."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def build():
    out = {"format": "AF1 vectors 1", "note": "Written by tests/vectors/make_vectors.py; never by hand. Keys: README.md beside this file."}
    for section in SECTIONS:
        for name, value in section.make().items():
            if name in out:
                raise ValueError(f"two sections write '{name}'")
            out[name] = plain(value)
    return json.dumps(out, indent=1, ensure_ascii=False) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    parser.add_argument("--out", type=pathlib.Path, default=TARGET)
    arguments = parser.parse_args()
    made = build()
    if not arguments.check:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(made, encoding="utf-8", newline="\n")
        print(f"{arguments.out.name}: {len(made)} characters")
        return 0
    if not arguments.out.exists() or arguments.out.read_text(encoding="utf-8") != made:
        print(f"{arguments.out} differs from what the generator writes: run make_vectors.py and look at the difference.", file=sys.stderr)
        return 1
    print("af1-vectors.json is what the generator writes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
