"""The original system's approach: Structured Streaming with one CSV row a message, and foreachBatch with several actions a batch,
whose counts go as one JSON message to another topic by Python's Kafka producer. Ends when the topic has been read.

spark-submit original_on_spark.py BOOTSTRAP TOPIC RESULTS ROWS_A_BATCH CHECKPOINT
Prints Spark's reports of its batches, one a line."""

import json
import sys

from kafka import KafkaProducer
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

bootstrap, topic, results, rows_a_batch, checkpoint = sys.argv[1:]
SCHEMA = "HEAD INT, FPGA INT, TDC_CHANNEL INT, ORBIT_CNT LONG, BX_COUNTER INT, TDC_MEAS DOUBLE"
# of each chamber: its FPGA, its first channel, and what is added to its drift times, ns
CHAMBERS = [(0, 0, 95.0 - 1.1), (0, 64, 95.0 + 6.4), (1, 0, 95.0 + 0.5), (1, 64, 95.0 - 2.6)]
BIN_NS = 5

spark = SparkSession.builder.appName("original").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
t_ns = F.col("BX_COUNTER") * 25.0 + F.col("TDC_MEAS") * 25.0 / 30.0
producer = KafkaProducer(
    bootstrap_servers=bootstrap,
    value_serializer=lambda value: json.dumps(value).encode(),
    # the active channels of all orbits of a large batch are more than Kafka's 1 MB
    max_request_size=64 << 20,
)


def chambers_of(rows):
    return [rows.filter((F.col("FPGA") == fpga) & F.col("TDC_CHANNEL").between(low, low + 63)) for fpga, low, _ in CHAMBERS]


def histogram(counts, key):
    rows = counts.sort(key).collect()
    return {"bin_edges": [row[0] for row in rows], "hist_counts": [row[1] for row in rows]}


def by_chamber(chambers, of):
    return {str(number): of(rows, number) for number, rows in enumerate(chambers)}


def by_channel(rows, _):
    return histogram(rows.groupBy("TDC_CHANNEL").count(), "TDC_CHANNEL")


def active_by_orbit(rows, _):
    return histogram(rows.groupBy("ORBIT_CNT").agg(F.countDistinct("TDC_CHANNEL")), "ORBIT_CNT")


def drift_times(rows, number):
    drift = (t_ns - F.col("t0") + CHAMBERS[number][2]) / BIN_NS
    return histogram(rows.select((F.floor(drift) * BIN_NS).alias("bin")).groupBy("bin").count(), "bin")


def analyse(batch, batch_id):
    rows = batch.filter("HEAD = 2").persist()
    chambers = chambers_of(rows)
    signals = rows.filter("FPGA = 1 AND TDC_CHANNEL = 128").groupBy("ORBIT_CNT").agg(F.min(t_ns).alias("t0"))
    joined = rows.join(signals, "ORBIT_CNT").persist()
    joined_chambers = chambers_of(joined)
    message = {
        "msg_ID": batch_id,
        "hit_count": rows.count(),
        "hit_count_chamber": [chamber.count() for chamber in chambers],
        "tdc_counts_chamber": by_chamber(chambers, by_channel),
        "active_tdc_chamber": by_chamber(chambers, active_by_orbit),
        "tdc_counts_scintillator_chamber": by_chamber(joined_chambers, by_channel),
        "drift_time_chamber": by_chamber(joined_chambers, drift_times),
    }
    producer.send(results, message)
    producer.flush()
    joined.unpersist()
    rows.unpersist()


raw = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", bootstrap)
    .option("subscribe", topic)
    .option("startingOffsets", "earliest")
    .option("maxOffsetsPerTrigger", rows_a_batch)
    .load()
)
rows = raw.select(F.from_csv(F.col("value").cast("string"), SCHEMA).alias("row")).select("row.*")
query = (
    rows.writeStream.foreachBatch(analyse)
    .option("checkpointLocation", checkpoint)
    .trigger(availableNow=True)
    .start()
)
query.awaitTermination()
for report in query.recentProgress:
    print(json.dumps({name: report[name] for name in ("timestamp", "numInputRows", "durationMs")}))
