"""Whose fault a log's failures were, with DuckDB.

    python make_log.py log 1000000
    python triage_duckdb.py log
"""

from __future__ import annotations

import sys

import duckdb

import retriage


def triage(folder: str) -> dict[tuple[str, str], int]:
    """How many rows there are of each category and fault."""
    with duckdb.connect() as database:
        log = database.sql(f"select status, failure from '{folder}/*.parquet'")
        # DuckDB hands its columns over, and takes those of the answer, without a copy.
        answers = retriage.classify_batch("redox", log, columns=["category", "fault"])
        database.register("answers", answers)
        counted = database.sql("select category, fault, count(*) from answers group by all")
        return {(category, fault): count for category, fault, count in counted.fetchall()}


if __name__ == "__main__":
    for (category, fault), count in sorted(triage(sys.argv[1]).items(), key=lambda item: -item[1]):
        print(f"{count:>12,}  {category:20}{fault}")
