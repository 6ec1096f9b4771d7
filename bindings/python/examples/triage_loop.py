"""Whose fault a log's failures were, one row after the other: what the other examples are compared with.

    python make_log.py log 1000000
    python triage_loop.py log
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

import retriage


def triage(folder: str) -> dict[tuple[str, str], int]:
    """How many rows there are of each category and fault."""
    counted: Counter[tuple[str, str]] = Counter()
    for file in sorted(Path(folder).glob("*.parquet")):
        log = pq.read_table(file, columns=["status", "failure"])
        for status, failure in zip(log["status"].to_pylist(), log["failure"].to_pylist()):
            verdict = retriage.classify("redox", status) if failure is None else retriage.classify("redox", failure=failure)
            counted[verdict.category, verdict.fault] += 1
    return dict(counted)


if __name__ == "__main__":
    for (category, fault), count in sorted(triage(sys.argv[1]).items(), key=lambda item: -item[1]):
        print(f"{count:>12,}  {category:20}{fault}")
