"""Many answers at once on many machines: `classify_batch` within Spark.

    from retriage.spark import classify

    triaged = classify(log, "redox", status="status")
    triaged.groupBy("category", "fault").count().show()

The module must be installed on the executors, with pyarrow.
"""

# pyarrow has no types, and pyspark need not be installed where this is checked.
# pyright: basic, reportMissingImports=false, reportMissingTypeStubs=false
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from . import Registry

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["DEFAULT_COLUMNS", "classifier", "classify"]

DEFAULT_COLUMNS = ("entry", "category", "fault", "retry", "processed")
"""The columns that are added by default; see `retriage.classify_batch`."""


def classifier(
    catalog: str,
    *,
    status: str | None = "status",
    code: str | None = None,
    failure: str | None = None,
    body: str | None = None,
    columns: Sequence[Any] = DEFAULT_COLUMNS,
    registry: Registry | None = None,
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function for `DataFrame.mapInArrow`, which adds columns to each batch of rows.

    status, code, failure, body: the names of the columns to read. columns: which to add. registry: the catalogs; by
    default the built-in ones.
    """
    given = {"status": status, "code": code, "failure": failure, "body": body}
    read = {name: column for name, column in given.items() if column is not None}
    catalogs = Registry() if registry is None else registry
    # What is wrong is said here and now, not later by an executor.
    catalogs.classify_batch(catalog, status=[], columns=columns)

    def add(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            arrays = {name: batch.column(column) for name, column in read.items()}
            answers = pa.record_batch(catalogs.classify_batch(catalog, columns=columns, **arrays))
            # Spark takes no dictionaries.
            decoded = [column.dictionary_decode() for column in answers.columns]
            names = [*batch.schema.names, *answers.schema.names]
            yield pa.RecordBatch.from_arrays([*batch.columns, *decoded], names=names)

    return add


def classify(
    frame: DataFrame,
    catalog: str,
    *,
    status: str | None = "status",
    code: str | None = None,
    failure: str | None = None,
    body: str | None = None,
    columns: Sequence[Any] = DEFAULT_COLUMNS,
    registry: Registry | None = None,
) -> DataFrame:
    """The frame with what a catalog says of each row in further columns. The arguments are those of `classifier`."""
    from pyspark.sql.types import StringType, StructField, StructType

    added = [StructField(name, StringType(), nullable=name == "entry") for name in columns]
    schema = StructType([*frame.schema.fields, *added])
    add = classifier(
        catalog, status=status, code=code, failure=failure, body=body, columns=columns, registry=registry
    )
    return frame.mapInArrow(add, schema)
