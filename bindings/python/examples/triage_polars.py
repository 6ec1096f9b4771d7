"""Whose fault a log's failures were, with polars.

    python make_log.py log 1000000
    python triage_polars.py log
"""

from __future__ import annotations

import sys

import polars as pl

import retriage


def triage(folder: str) -> dict[tuple[str, str], int]:
    """How many rows there are of each category and fault."""
    log = pl.scan_parquet(f"{folder}/*.parquet").select("status", "failure").collect()
    answers = pl.DataFrame(retriage.classify_batch("redox", log, columns=["category", "fault"]))
    counted = answers.group_by("category", "fault").len()
    return {(category, fault): count for category, fault, count in counted.rows()}


if __name__ == "__main__":
    for (category, fault), count in sorted(triage(sys.argv[1]).items(), key=lambda item: -item[1]):
        print(f"{count:>12,}  {category:20}{fault}")
