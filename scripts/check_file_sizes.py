"""Refuse files over 1 MB: run by the commit hook with the files' names as arguments."""

import sys
from pathlib import Path

LIMIT_BYTES = 1_000_000


def main(names: list[str]) -> int:
    """Print the files that are too large; return 1 if there is one."""
    large = [name for name in names if Path(name).stat().st_size > LIMIT_BYTES]
    for name in large:
        print(f"{name}: {Path(name).stat().st_size:,} bytes, more than {LIMIT_BYTES:,}")
    return int(bool(large))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
