"""Ten million rows through Spark, DuckDB, polars and a plain loop: how many each takes in a second.

    python throughput.py [ROWS]

Each reads the same Parquet files, classifies every row, and counts by category and fault; the counts must agree.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples"))


def main(rows: int) -> None:
    """Measures, and prints a table."""
    from pyspark.sql import SparkSession

    # Otherwise Spark's workers are whatever Python is first on the path.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    example = importlib.import_module
    builder = SparkSession.builder.master("local[*]").appName("retriage")
    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.log.level": "ERROR"}
    settings |= {"spark.driver.memory": "4g"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    with tempfile.TemporaryDirectory() as folder:
        example("make_log").make_log(Path(folder), rows)
        # What Spark takes to start is not what is measured.
        example("triage_spark").triage(folder, spark)
        runs: dict[str, Callable[[], dict[tuple[str, str], int]]] = {
            "DuckDB": lambda: example("triage_duckdb").triage(folder),
            "polars": lambda: example("triage_polars").triage(folder),
            "Spark, `mapInArrow`": lambda: example("triage_spark").triage(folder, spark),
            "a plain loop, `classify` row by row": lambda: example("triage_loop").triage(folder),
        }
        found: dict[str, tuple[float, dict[tuple[str, str], int]]] = {}
        for name, run in runs.items():
            began = time.perf_counter()
            counted = run()
            found[name] = (time.perf_counter() - began, counted)
    spark.stop()
    loop, first = found["a plain loop, `classify` row by row"]
    assert all(counted == first for _, counted in found.values()) and sum(first.values()) == rows
    print(f"{rows:,} rows, {os.cpu_count()} cores\n")
    print("| by | seconds | million rows a second | times as fast as the loop |")
    print("|---|---:|---:|---:|")
    for name, (took, _) in found.items():
        print(f"| {name} | {took:.2f} | {rows / took / 1e6:.1f} | {loop / took:.1f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
