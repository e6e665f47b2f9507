"""What others read in our files: counts of results and of hits, by pyarrow, DuckDB and polars, as JSON."""

import json
import sys

import duckdb
import polars
import pyarrow
import pyarrow.dataset

# folders of files: results and recorded hits, each as Parquet and as Arrow
results, results_arrow, hits, hits_arrow = sys.argv[1:]
SUMS = """
    count(*) AS rows, count(chamber) AS hits, sum(chamber) AS chamber, sum(layer) AS layer, sum(wire) AS wire,
    sum(orbit) AS orbit, sum(time_ns) AS time_ns, max(time_ns) AS latest, min(hour) AS hour, max(run) AS run
"""


def with_pyarrow(folder, form):
    found = pyarrow.dataset.dataset(folder, format=form, partitioning="hive").to_table()
    sums = duckdb.sql(f"SELECT {SUMS} FROM found")
    types = {field.name: f"{field.type}{'' if field.nullable else ' not null'}" for field in found.schema}
    return {**record(sums), "types": types, "names": sorted(k.decode() for k in found.schema.metadata or {})}


def with_duckdb(folder):
    return record(duckdb.sql(f"SELECT {SUMS} FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"))


def with_polars(frame):
    column = polars.col
    return frame.select(
        polars.len().alias("rows"),
        column("chamber").count().alias("hits"),
        *(column(name).cast(polars.Int64).sum() for name in ("chamber", "layer", "wire", "orbit")),
        column("time_ns").sum(),
        column("time_ns").max().alias("latest"),
        column("hour").min(),
        column("run").max(),
    ).collect().to_dicts()[0]


def record(relation):
    return dict(zip(relation.columns, map(plain, relation.fetchall()[0])))


def plain(value):
    return float(value) if isinstance(value, float) else int(value)


def results_of(table):
    drift = [sum(counts) for row in table["drift_time_chamber_hist_counts"] for counts in row]
    return {
        "results": len(table["msg_ID"]),
        "hits": sum(table["hit_count"]),
        "read": sum(table["rows_read"]),
        "drift": sum(drift),
        "start": min(table["interval_start"]).isoformat(),
    }


def results_by_pyarrow(folder, form):
    return results_of(pyarrow.dataset.dataset(folder, format=form).to_table().to_pydict())


def results_by_duckdb(folder):
    return results_of(duckdb.sql(f"SELECT * FROM read_parquet('{folder}/*.parquet')").to_arrow_table().to_pydict())


print(
    json.dumps(
        {
            "hits": {
                "pyarrow, Parquet": with_pyarrow(hits, "parquet"),
                "pyarrow, Arrow": with_pyarrow(hits_arrow, "ipc"),
                "DuckDB": with_duckdb(hits),
                "polars, Parquet": with_polars(polars.scan_parquet(f"{hits}/**/*.parquet", hive_partitioning=True)),
                "polars, Arrow": with_polars(polars.scan_ipc(f"{hits_arrow}/**/*.arrow", hive_partitioning=True)),
            },
            "results": {
                "pyarrow, Parquet": results_by_pyarrow(results, "parquet"),
                "pyarrow, Arrow": results_by_pyarrow(results_arrow, "ipc"),
                "DuckDB": results_by_duckdb(results),
                "polars, Parquet": results_of(polars.read_parquet(f"{results}/*.parquet").to_dict(as_series=False)),
                "polars, Arrow": results_of(polars.read_ipc(f"{results_arrow}/*.arrow").to_dict(as_series=False)),
            },
        },
        default=str,
    )
)
