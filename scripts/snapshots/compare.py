"""Print what differs between two snapshots."""

import argparse
import difflib
import signal
import sys
from pathlib import Path


def files(folder: Path) -> dict[str, Path]:
    """Return every file under `folder` by its relative path."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def main() -> int:
    """Print a summary, the missing files, and a unified diff of each file that differs. Return 1 for any difference."""
    parser = argparse.ArgumentParser(prog="scripts/snapshot compare", description=__doc__)
    parser.add_argument("a", type=Path, metavar="A", help="a folder that scripts/snapshot make wrote")
    parser.add_argument("b", type=Path, metavar="B", help="another one")
    given = parser.parse_args()
    for folder in (given.a, given.b):
        if not folder.is_dir():
            parser.error(f"there is no folder {folder}")
    before, after = files(given.a), files(given.b)
    both = sorted(before.keys() & after.keys())
    differing = [name for name in both if before[name].read_bytes() != after[name].read_bytes()]
    only_before, only_after = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    print(
        f"{len(both) - len(differing)} equal, {len(differing)} differ, {len(only_before)} only in {given.a}, {len(only_after)} only in {given.b}"
    )
    for name in only_before:
        print(f"only in {given.a}: {name}")
    for name in only_after:
        print(f"only in {given.b}: {name}")
    for name in differing:
        print(f"differs: {name}")
    for name in differing:
        texts = [
            path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
            for path in (before[name], after[name])
        ]
        print(*difflib.unified_diff(*texts, f"{given.a}/{name}", f"{given.b}/{name}", lineterm="", n=2), sep="\n")
    return 1 if differing or only_before or only_after else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end silently when the output is piped to `head`
    sys.stdout.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
    sys.exit(main())
