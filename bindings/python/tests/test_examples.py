"""The examples, on a small log: each counts what a plain loop counts."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

EXAMPLES = ROOT / "bindings/python/examples"
ROWS = 50_000


def example(name: str) -> Any:
    sys.path.insert(0, str(EXAMPLES))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(EXAMPLES))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small log."""
    folder = tmp_path_factory.mktemp("log")
    example("make_log").make_log(folder, ROWS)
    return str(folder)


@pytest.fixture(scope="module")
def expected(log: str) -> dict[tuple[str, str], int]:
    """What a plain loop counts."""
    counted: dict[tuple[str, str], int] = example("triage_loop").triage(log)
    assert sum(counted.values()) == ROWS and counted["success", "none"] > ROWS / 2
    assert counted["network", "network"] > 0
    return counted


@pytest.mark.parametrize("name", ["triage_duckdb", "triage_polars"])
def test_an_example_counts_what_a_loop_counts(name: str, log: str, expected: dict[tuple[str, str], int]) -> None:
    pytest.importorskip(name.removeprefix("triage_"))
    assert example(name).triage(log) == expected


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Spark on this machine."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("there is no Java")
    # Otherwise its workers are whatever Python is first on the path.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local[2]").appName("retriage")
    settings = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    settings |= {"spark.sql.shuffle.partitions": "2", "spark.log.level": "ERROR"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def test_spark_counts_what_a_loop_counts(spark: Any, log: str, expected: dict[tuple[str, str], int]) -> None:
    assert example("triage_spark").triage(log, spark) == expected


def test_spark_adds_columns_and_keeps_the_others(spark: Any) -> None:
    import retriage
    from retriage.spark import classify

    rows = [(1, 200, None), (2, 401, "Invalid source secret"), (3, None, None), (4, 503, "")]
    frame = spark.createDataFrame(rows, "id int, status int, body string")
    triaged = classify(frame, "redox", body="body", columns=["entry", "retry"])
    assert triaged.columns == ["id", "status", "body", "entry", "retry"]
    found = [tuple(row) for row in triaged.orderBy("id").collect()]
    verdicts = [retriage.classify("redox", status, body=body) for _, status, body in rows]
    assert [row[3:] for row in found] == [(verdict.entry, verdict.retry) for verdict in verdicts]
    assert found[1][3] == "redox/401.invalid_source_secret"
    assert [row[:3] for row in found] == rows
    with pytest.raises(retriage.UnknownCatalogError):
        classify(frame, "redux")
    with pytest.raises(retriage.BadValueError):
        classify(frame, "redox", columns=["categories"])
