"""Whose fault a log's failures were, with Spark.

    python make_log.py log 10000000
    python triage_spark.py log
"""

from __future__ import annotations

import os
import sys

from pyspark.sql import SparkSession

from retriage.spark import classify


def triage(folder: str, spark: SparkSession) -> dict[tuple[str, str], int]:
    """How many rows there are of each category and fault."""
    log = spark.read.parquet(folder).select("status", "failure")
    triaged = classify(log, "redox", status="status", failure="failure", columns=["category", "fault"])
    counted = triaged.groupBy("category", "fault").count().collect()
    return {(row["category"], row["fault"]): row["count"] for row in counted}


if __name__ == "__main__":
    # The workers run by this Python, which has the module.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.master("local[*]").appName("triage").getOrCreate()
    for (category, fault), count in sorted(triage(sys.argv[1], session).items(), key=lambda item: -item[1]):
        print(f"{count:>12,}  {category:20}{fault}")
    session.stop()
