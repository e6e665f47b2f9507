"""Reads a topic to its end as a Python client does: python read-confluent.py BOOTSTRAP TOPIC ROWS"""

import sys
import uuid

from confluent_kafka import Consumer

bootstrap, topic, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
consumer = Consumer(
    {
        "bootstrap.servers": bootstrap,
        "group.id": f"bench-{uuid.uuid4()}",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
    }
)
consumer.subscribe([topic])
read = 0
size = 0
while read < rows:
    for message in consumer.consume(10_000, 1.0):
        if message.error() is None and message.value() is not None:
            read += 1
            size += len(message.value())
print(read, size)
consumer.close()
