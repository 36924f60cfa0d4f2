"""The one thing tests ask of Kafka that Spark cannot do: make a topic."""

from __future__ import annotations

import socket
import struct

CREATE_TOPICS, VERSION = 19, 2
NONE, ALREADY_EXISTS = 0, 36


def create_topic(bootstrap: str, name: str, partitions: int) -> None:
    host, _, port = bootstrap.partition(":")
    topic = _text(name) + struct.pack(">ihii", partitions, 1, 0, 0)
    body = struct.pack(">i", 1) + topic + struct.pack(">i?", 30_000, False)
    head = struct.pack(">hhi", CREATE_TOPICS, VERSION, 1) + _text("tests")
    with socket.create_connection((host, int(port)), timeout=60) as broker:
        broker.sendall(struct.pack(">i", len(head + body)) + head + body)
        answer = _read(broker, struct.unpack(">i", _read(broker, 4))[0])
    code_at = 4 + 4 + 4 + 2 + len(name.encode())
    (code,) = struct.unpack_from(">h", answer, code_at)
    if code not in (NONE, ALREADY_EXISTS):
        raise RuntimeError(f"Kafka refused the topic {name}: error {code}")


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack(">h", len(data)) + data


def _read(broker: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = broker.recv(size - len(data))
        if not part:
            raise ConnectionError("Kafka closed the connection")
        data += part
    return data
