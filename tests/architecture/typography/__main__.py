"""Say where Chinese text breaks the rules, or mend it: ``python -m tests.architecture.typography [--mend]``."""

import sys
from collections import Counter

from tests.architecture.typography.tree import ROOT, files, mend_file


def main() -> int:
    is_mending = "--mend" in sys.argv[1:]
    tally: Counter[str] = Counter()
    changed = 0
    for path in files():
        source = path.read_text(encoding="utf-8")
        mended = mend_file(path, source, tally)
        if mended == source:
            continue
        changed += 1
        if is_mending:
            path.write_text(mended, encoding="utf-8")
        else:
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    if changed:
        kinds = "  ".join(f"{kind} × {count}" for kind, count in tally.most_common() if count)
        sys.stdout.write(f"{changed} files: {kinds}\n")
    return 0 if is_mending or not changed else 1


if __name__ == "__main__":
    sys.exit(main())
