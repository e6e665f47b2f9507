"""Sends the rows of a file as the original producer did: one row a message, its text, no key."""
import sys

library, servers, topic, codec, path = sys.argv[1:]
with open(path, "rb") as file:
    rows = file.read().splitlines()

if library == "confluent-kafka":
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": servers, "compression.type": codec})
    for row in rows:
        producer.produce(topic, row)
        producer.poll(0)
    producer.flush()
else:
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=servers.split(","), compression_type=codec)
    for row in rows:
        producer.send(topic, row)
    producer.flush()
