"""Many answers at once: every kind of column in and out, and each row as `classify` answers it."""

from __future__ import annotations

import threading
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import retriage

STATUSES = [200, 503, 429, 404, None, 0, 999, 1_000, 65_535, -1, 70_000, 599]
COLUMNS: Any = ["entry", "category", "canonical", "fault", "retry", "processed", "finality", "severity", "match", "scope"]


def one_by_one(catalog: str, rows: list[dict[str, Any]]) -> dict[str, list[str | None]]:
    """What `classify` says of each row; what is no status counts as none."""
    verdicts: list[retriage.Classification] = []
    for row in rows:
        status = row.get("status")
        known = {name: value for name, value in row.items() if value is not None}
        if status is not None and not 0 <= status <= 65_535:
            del known["status"]
        verdicts.append(retriage.classify(catalog, **known))
    return {name: [getattr(verdict, name) for verdict in verdicts] for name in COLUMNS}


@pytest.mark.parametrize("catalog", [catalog.id for catalog in retriage.catalogs()])
def test_every_status_of_every_catalog(catalog: str) -> None:
    statuses = list(range(1_001))
    batch = retriage.classify_batch(catalog, statuses, columns=COLUMNS)
    assert batch.columns == tuple(COLUMNS) and len(batch) == len(statuses)
    assert batch.to_dict() == one_by_one(catalog, [{"status": status} for status in statuses])


def inputs() -> dict[str, Any]:
    """The statuses as columns of every kind."""
    array = pa.array(STATUSES, pa.int64())
    return {
        "list": STATUSES,
        "tuple": tuple(STATUSES),
        "arrow": array,
        "arrow int32": array.cast(pa.int32()),
        "arrow text": array.cast(pa.string()),
        "arrow dictionary": array.dictionary_encode(),
        "arrow slice": pa.concat_arrays([pa.array([1, 2, 3]), array])[3:],
        "arrow chunks": pa.chunked_array([array[:3], array[3:3], array[3:]]),
        "arrow table": pa.table({"other": list("abcdefghijkl"), "status": array}),
        "arrow batch": pa.record_batch({"status": array}),
        "arrow table of chunks": pa.table({"status": pa.chunked_array([array[:5], array[5:]])}),
        "polars series": pl.Series(STATUSES),
        "polars frame": pl.DataFrame({"status": STATUSES}),
        "pandas series": pd.Series(STATUSES, dtype="Int64"),
        "pandas floats": pd.Series(STATUSES),
        "pandas frame": pd.DataFrame({"status": pd.Series(STATUSES, dtype="Int64")}),
        "duckdb": duckdb.from_arrow(pa.table({"status": array})),
        "numpy floats": np.array([np.nan if status is None else status for status in STATUSES]),
        "numpy objects": np.array(STATUSES, dtype=object),
    }


@pytest.mark.parametrize("name", inputs())
def test_columns_of_every_kind_come_in(name: str) -> None:
    expected = one_by_one("http", [{"status": status} for status in STATUSES])
    batch = retriage.classify_batch("http", inputs()[name], columns=COLUMNS)
    assert batch.to_dict() == expected


@pytest.mark.parametrize("kind", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i4", "f4"])
def test_numbers_of_numpy_come_in_whatever_their_size(kind: str) -> None:
    numbers = np.array([100, 101, 3, 127], dtype=kind)
    expected = one_by_one("http", [{"status": int(number)} for number in numbers])
    assert retriage.classify_batch("http", numbers, columns=COLUMNS).to_dict() == expected
    assert retriage.classify_batch("http", numbers[::2])["category"].to_list() == expected["category"][::2]
    two_dimensional: Any = numbers.reshape(2, 2)
    with pytest.raises(retriage.BadValueError):
        retriage.classify_batch("http", two_dimensional)


def test_columns_go_out_without_a_copy_to_whoever_speaks_arrow() -> None:
    batch = retriage.classify_batch("http", STATUSES)
    expected = one_by_one("http", [{"status": status} for status in STATUSES])
    names = list(batch.columns)
    assert names == ["entry", "category", "fault", "retry", "processed"]

    record_batch = pa.record_batch(batch)
    record_batch.validate(full=True)
    assert record_batch.to_pydict() == {name: expected[name] for name in names}
    table = pa.table(batch)
    table.validate(full=True)
    assert table.column("retry").to_pylist() == expected["retry"]
    assert pa.array(batch["category"]).to_pylist() == expected["category"]
    assert pa.schema(batch).names == names

    frame = pl.DataFrame(batch)
    assert frame["category"].cast(pl.String).to_list() == expected["category"]
    assert frame["entry"].cast(pl.String).to_list() == expected["entry"]
    assert pl.Series(batch["fault"]).cast(pl.String).to_list() == expected["fault"]
    assert pd.DataFrame.from_arrow(batch)["processed"].tolist() == expected["processed"]
    counted = duckdb.sql("select category, count(*) from batch group by category order by 1")
    assert counted is not None and dict(counted.fetchall()) == {word: expected["category"].count(word) for word in set(expected["category"])}

    assert np.asarray(batch["retry"]).tolist() == expected["retry"]
    assert batch["entry"].to_list() == expected["entry"]
    assert [batch["entry"][at] for at in range(len(batch))] == expected["entry"]
    assert batch["entry"][-1] == expected["entry"][-1] and list(batch["retry"]) == expected["retry"]
    for wrong in (len(batch), -len(batch) - 1):
        with pytest.raises(IndexError):
            batch["entry"][wrong]
    with pytest.raises(KeyError):
        batch["status"]


def test_what_goes_out_outlives_its_batch() -> None:
    column = pa.array(retriage.classify_batch("http", [503] * 1_000)["category"])
    assert column.to_pylist() == ["unavailable"] * 1_000


ROWS: list[dict[str, Any]] = [
    {"status": 401, "body": b"Invalid source secret"},
    {"status": 401},
    {"status": 200, "code": 4651},
    {"status": 200, "code": "4651"},
    {"code": "no such code"},
    {"failure": "ECONNRESET"},
    {"status": 200, "failure": "ECONNRESET"},
    {"status": 503, "failure": "curl:28"},
    {"failure": "no such failure"},
    {},
    {"status": 200, "body": b'{"responseCode": 4651}'},
    {"status": 200, "body": b"\xff\xfe"},
    {"status": 200, "body": b""},
]


@pytest.mark.parametrize("catalog", ["redox", "updox", "hl7v2", "http", "grpc"])
def test_rows_of_several_columns(catalog: str) -> None:
    rows = ROWS * 3
    expected = one_by_one(catalog, rows)
    column = {name: [row.get(name) for row in rows] for name in ("status", "code", "failure", "body")}
    assert retriage.classify_batch(catalog, **column, columns=COLUMNS).to_dict() == expected
    texts = {**column, "code": [None if code is None else str(code) for code in column["code"]]}
    for strings in (pa.string(), pa.large_string(), pa.string_view()):
        for binary in (pa.binary(), pa.large_binary(), pa.binary_view()):
            table = pa.table(
                {
                    "status": pa.array(column["status"], pa.int16()),
                    "code": pa.array(texts["code"], strings),
                    "failure": pa.array(column["failure"], strings),
                    "body": pa.array(column["body"], binary),
                }
            )
            assert retriage.classify_batch(catalog, table, columns=COLUMNS).to_dict() == expected


def test_an_empty_column_gives_empty_columns() -> None:
    empties: list[Any] = [[], pa.array([], pa.int64()), pl.Series([], dtype=pl.Int64), np.array([], dtype="i8")]
    for empty in empties:
        batch = retriage.classify_batch("http", empty)
        assert len(batch) == 0 and batch.to_dict()["category"] == []
        assert pa.table(batch).num_rows == 0


def test_what_is_wrong_is_said() -> None:
    cases: list[tuple[type[Exception], str, dict[str, Any]]] = [
        (retriage.MissingFieldError, "/status", {}),
        (retriage.MissingFieldError, "/data", {"data": pa.table({"stat": [1]})}),
        (retriage.ConflictError, "/code", {"status": [1, 2], "code": [1]}),
        (retriage.ConflictError, "/status", {"data": [1], "status": [1]}),
        (retriage.BadValueError, "/status", {"status": 503}),
        (retriage.BadValueError, "/status", {"status": "503"}),
        (retriage.BadValueError, "/status/1", {"status": [503, 1.5]}),
        (retriage.BadValueError, "/status/0", {"status": [True]}),
        (retriage.BadValueError, "/status", {"status": pa.array([[1]])}),
        (retriage.BadValueError, "/columns/0", {"status": [1], "columns": ["categories"]}),
        (retriage.BadValueError, "/columns", {"status": [1], "columns": "entry"}),
        (retriage.ConflictError, "/columns/1", {"status": [1], "columns": ["entry", "entry"]}),
    ]
    for kind, at, arguments in cases:
        data = arguments.pop("data", None)
        with pytest.raises(kind) as raised:
            retriage.classify_batch("http", data, **arguments)
        assert isinstance(raised.value, retriage.Error) and raised.value.at == at
    with pytest.raises(retriage.UnknownCatalogError):
        retriage.classify_batch("htp", [1])


def test_many_rows_in_several_threads() -> None:
    statuses = np.tile(np.arange(1_000), 200)
    expected = pa.table(retriage.classify_batch("redox", statuses, columns=COLUMNS))
    found: list[pa.Table] = []

    def classify() -> None:
        found.append(pa.table(retriage.classify_batch("redox", statuses, columns=COLUMNS)))

    threads = [threading.Thread(target=classify) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(table.equals(expected) for table in found)


def test_a_loaded_catalog_answers_too() -> None:
    registry = retriage.Registry.load(
        {
            "id": "acme",
            "name": "Acme",
            "as_of": "2026-11-21",
            "extends": "http",
            "sources": {"doc": {"title": "Errors", "publisher": "Acme", "date": "2026-11-21"}},
            "entries": [
                {
                    "status": 599,
                    "title": "Warehouse closed",
                    "category": "unavailable",
                    "fault": "destination",
                    "retry": "backoff",
                    "processed": "no",
                    "remedy": "Wait for the next shift.",
                    "source": "doc#Errors",
                }
            ],
        }
    )
    batch = registry.classify_batch("acme", [599, 503])
    assert batch["entry"].to_list() == ["acme/599", "http/503"]
