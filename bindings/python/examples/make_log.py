"""Makes a log of requests to try the other examples on: Parquet files in a folder.

    python make_log.py log 10000000

The same number of rows is always the same log.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

STATUSES = [200, 201, 204, 304, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504, 599]
SHARES = [70, 6, 2, 2, 3, 2, 1, 4, 0.5, 0.1, 1, 2, 1.5, 1, 2, 1, 0.9]
FAILURES = ["ECONNRESET", "ECONNREFUSED", "ENOTFOUND", "requests.exceptions.ReadTimeout", "curl:28"]
HOSTS = [f"api{number}.example.org" for number in range(20)]
ROWS_A_FILE = 1_000_000


def make_log(folder: Path, rows: int) -> None:
    """Writes so many rows: when, to which host, and what came back, a status or a failure."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(2_026)
    shares = np.array(SHARES) / sum(SHARES)
    for first in range(0, rows, ROWS_A_FILE):
        count = min(ROWS_A_FILE, rows - first)
        failed = chance.random(count) < 0.02
        status = chance.choice(np.array(STATUSES, dtype=np.int16), count, p=shares)
        failure = pa.DictionaryArray.from_arrays(pa.array(chance.integers(0, len(FAILURES), count, dtype=np.int8)), FAILURES)
        host = pa.DictionaryArray.from_arrays(pa.array(chance.integers(0, len(HOSTS), count, dtype=np.int8)), HOSTS)
        nothing = pa.nulls(count, pa.string())
        table = pa.table(
            {
                "at_ms": pa.array(1_795_293_600_000 + (first + np.arange(count)) * 10),
                "host": host.cast(pa.string()),
                "status": pa.array(status, mask=failed),
                "failure": pa.compute.if_else(pa.array(failed), failure.cast(pa.string()), nothing),
            }
        )
        pq.write_table(table, folder / f"{first // ROWS_A_FILE:05}.parquet")


if __name__ == "__main__":
    make_log(Path(sys.argv[1]), int(sys.argv[2]))
