"""Reads rows and results as the original's consumers did, and prints what it saw as JSON."""
import json
import sys

from kafka import KafkaConsumer

servers, raw, clean = sys.argv[1:]


def values(topic):
    consumer = KafkaConsumer(
        topic, bootstrap_servers=servers.split(","), auto_offset_reset="earliest", consumer_timeout_ms=4000
    )
    return [message.value for message in consumer if message.value is not None]


results = [json.loads(value) for value in values(clean)]
counts = [sum(result["tdc_counts_chamber"][str(c)]["hist_counts"]) for result in results for c in range(4)]
hits = sum(result["hit_count"] for result in results)
assert hits == sum(counts) == sum(sum(result["hit_count_chamber"]) for result in results)
print(
    json.dumps(
        {
            "rows": [value.decode() for value in values(raw)],
            "hits": hits,
            "fields": sorted(set.intersection(*(set(result) for result in results))),
        }
    )
)
