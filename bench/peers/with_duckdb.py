"""DuckDB: parse, and all six results."""

import duckdb
from s3_for_duckdb import open_bucket
from timing import BINS, COLUMNS, LOW_NS, OFFSETS_NS, WIDTH_NS, arguments, measure, six_results

TYPES = ["UTINYINT", "UTINYINT", "USMALLINT", "UINTEGER", "USMALLINT", "FLOAT"]

args = arguments()
database = duckdb.connect(":memory:", config={"threads": 1})
database.execute("SET preserve_insertion_order = false")
if args.file.startswith("s3://"):
    open_bucket(database)
schema = ", ".join(f"'{name}': '{kind}'" for name, kind in zip(COLUMNS, TYPES))
rows = f"read_csv('{args.file}', header = false, auto_detect = false, delim = ',', columns = {{{schema}}})"

CHECKSUMS = """
    SELECT count(*), sum(HEAD), sum(FPGA), sum(TDC_CHANNEL), sum(ORBIT_CNT), sum(BX_COUNTER),
        sum(floor(TDC_MEAS::DOUBLE * 1048576)::BIGINT),
        sum(BX_COUNTER::BIGINT * TDC_CHANNEL + ORBIT_CNT::BIGINT % 65536 * (HEAD + 1))
    FROM {rows}
"""


def parse():
    database.execute(f"CREATE OR REPLACE TEMP TABLE parsed AS FROM {rows}")


def check_parse(_):
    count, *sums = database.execute(CHECKSUMS.format(rows="parsed")).fetchone()
    return {"rows": count, "sums": [str(total) for total in sums]}


KEPT = f"""
    CREATE OR REPLACE TEMP TABLE kept AS
    SELECT (FPGA * 2 + (TDC_CHANNEL >= 64)::UTINYINT)::UTINYINT AS chamber, TDC_CHANNEL AS channel, ORBIT_CNT AS orbit,
        BX_COUNTER::FLOAT * 30 + TDC_MEAS AS time
    FROM {rows}
    WHERE HEAD = 2 AND FPGA < 2 AND (TDC_CHANNEL < 128 OR (TDC_CHANNEL = 128 AND FPGA = 1))
"""
OFFSET = " ".join(f"WHEN {chamber} THEN {offset!r}::DOUBLE" for chamber, offset in enumerate(OFFSETS_NS))
TIMED = f"""
    CREATE OR REPLACE TEMP TABLE timed AS
    SELECT chamber, channel, least(greatest(floor(
        (25::DOUBLE * (time - start)::DOUBLE / 30 + CASE chamber {OFFSET} END - {LOW_NS!r}::DOUBLE) / {WIDTH_NS!r}::DOUBLE
        ), -1), {BINS})::SMALLINT AS bin, count(*) AS hits
    FROM kept JOIN (SELECT orbit, min(time) AS start FROM kept WHERE channel = 128 GROUP BY orbit) USING (orbit)
    WHERE channel < 128
    GROUP BY ALL
"""
# channels of a chamber are 64: a bit mask tells distinct ones in a fraction of the time of count(DISTINCT)
RESULTS = [
    "SELECT chamber, channel, count(*) FROM kept WHERE channel < 128 GROUP BY ALL",
    "SELECT chamber, orbit, bit_count(bit_or(1::UBIGINT << (channel & 63))) FROM kept WHERE channel < 128 GROUP BY chamber, orbit",
    "SELECT chamber, channel, sum(hits)::BIGINT FROM timed GROUP BY ALL",
    "SELECT chamber, bin, sum(hits)::BIGINT FROM timed GROUP BY ALL",
]


def six():
    database.execute(KEPT)
    database.execute(TIMED)
    return [database.sql(query).to_arrow_table() for query in RESULTS]


def check_six(tables):
    return six_results(*([tuple(row.values()) for row in table.to_pylist()] for table in tables))


work, check = {"parse": (parse, check_parse), "six": (six, check_six)}[args.work]
measure(work, check, args.passes)
