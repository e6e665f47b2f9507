"""pyarrow: parse alone, batch after batch, or the whole table."""

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from timing import COLUMNS, arguments, measure

TYPES = [pa.uint8(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint16(), pa.float32()]

args = arguments()
pa.set_cpu_count(1)
pa.set_io_thread_count(1)
read_options = csv.ReadOptions(use_threads=False, column_names=COLUMNS)
convert_options = csv.ConvertOptions(column_types=dict(zip(COLUMNS, TYPES)))


def stream():
    return sum(batch.num_rows for batch in csv.open_csv(args.file, read_options, convert_options=convert_options))


def check_stream(rows):
    return {"rows": rows}


def parse():
    return csv.read_csv(args.file, read_options=read_options, convert_options=convert_options)


def check_parse(table):
    columns = {name: table[name].cast(pa.int64()) for name in COLUMNS[:5]}
    tdc = pc.floor(pc.multiply(table["TDC_MEAS"].cast(pa.float64()), 2.0**20)).cast(pa.int64())
    orbit_low = pc.bit_wise_and(columns["ORBIT_CNT"], 65535)
    mixed = pc.add(
        pc.multiply(columns["BX_COUNTER"], columns["TDC_CHANNEL"]), pc.multiply(orbit_low, pc.add(columns["HEAD"], 1))
    )
    sums = [pc.sum(column).as_py() for column in [*columns.values(), tdc, mixed]]
    return {"rows": table.num_rows, "sums": [str(total) for total in sums]}


work, check = {"stream": (stream, check_stream), "parse": (parse, check_parse)}[args.work]
measure(work, check, args.passes)
