"""polars: parse, and all six results."""

import os

os.environ["POLARS_MAX_THREADS"] = "1"

import polars as pl
from timing import BINS, COLUMNS, LOW_NS, OFFSETS_NS, WIDTH_NS, arguments, measure, six_results

TYPES = [pl.UInt8, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt16, pl.Float32]
SCHEMA = dict(zip(COLUMNS, TYPES))

args = arguments()
head, fpga, channel, orbit, bx, tdc = (pl.col(name) for name in COLUMNS)


def parse():
    return pl.read_csv(args.file, has_header=False, schema=SCHEMA)


def check_parse(frame):
    wide = frame.with_columns(pl.col(COLUMNS[:5]).cast(pl.Int64), pl.col("TDC_MEAS").cast(pl.Float64))
    sums = wide.select(
        *(pl.col(name).sum() for name in COLUMNS[:5]),
        (tdc * 2.0**20).floor().cast(pl.Int64).sum(),
        (bx * channel + orbit % 65536 * (head + 1)).sum().alias("mixed"),
    ).row(0)
    return {"rows": frame.height, "sums": [str(total) for total in sums]}


def six():
    chamber = (fpga * 2 + (channel >= 64)).cast(pl.UInt8)
    kept = (
        pl.scan_csv(args.file, has_header=False, schema=SCHEMA)
        .filter((head == 2) & (fpga < 2) & ((channel < 128) | ((channel == 128) & (fpga == 1))))
        .select(chamber.alias("chamber"), channel, orbit, (bx.cast(pl.Float32) * 30 + tdc).alias("time"))
        .collect()
        .lazy()
    )
    hits = kept.filter(channel < 128)
    scintillators = kept.filter(channel == 128).group_by(orbit).agg(pl.col("time").min().alias("start"))
    offset = pl.col("chamber").replace_strict(list(range(len(OFFSETS_NS))), OFFSETS_NS, return_dtype=pl.Float64)
    drift = 25.0 * (pl.col("time") - pl.col("start")).cast(pl.Float64) / 30.0 + offset
    timed = hits.join(scintillators, on="ORBIT_CNT")
    bin = ((drift - LOW_NS) / WIDTH_NS).floor().clip(-1, BINS).cast(pl.Int16).alias("bin")
    return pl.collect_all(
        [
            hits.group_by("chamber", channel).len(),
            hits.group_by("chamber", orbit).agg(channel.n_unique().alias("distinct")),
            timed.group_by("chamber", channel).len(),
            timed.select("chamber", bin).group_by("chamber", "bin").len(),
        ]
    )


def check_six(frames):
    return six_results(*(frame.rows() for frame in frames))


work, check = {"parse": (parse, check_parse), "six": (six, check_six)}[args.work]
measure(work, check, args.passes)
