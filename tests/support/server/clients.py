"""Clients of the stand-in server without a browser, for its own tests."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import httpx

from tests.support.server.llm_server import LLMServer


def open_client(server: LLMServer) -> httpx.Client:
    """Return an HTTP client with the server's origin as its base URL."""
    return httpx.Client(base_url=server.origin, trust_env=False, timeout=10)


def chat(client: httpx.Client, path: str = "/v1/chat/completions", **body: Any) -> httpx.Response:
    """Request a streamed chat completion and read all of it."""
    return client.post(path, json={"model": "gpt-4o", "messages": [], "stream": True} | body)


def events(text: str) -> list[Any]:
    """Return the data of server-sent events whose lines end in LF; [DONE] stays text."""
    data = [block.removeprefix("data: ") for block in text.split("\n\n") if block]
    return [item if item == "[DONE]" else json.loads(item) for item in data]


def deltas(text: str) -> list[dict[str, Any]]:
    """Return the deltas of the first choice in a streamed chat completion."""
    choices = [event["choices"] for event in events(text) if event != "[DONE]"]
    return [choice[0]["delta"] for choice in choices if choice]


def post(server: LLMServer, *, stream: bool = True) -> socket.socket:
    """Send a chat request over a new socket, and leave the answer to be read."""
    body = json.dumps({"model": "m", "messages": [], "stream": stream}).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    connection.sendall(head.encode() + body)
    return connection


def read_until(connection: socket.socket, done: Callable[[bytes], bool]) -> bytes:
    """Read until there is enough, or until the server ends the connection."""
    data = b""
    while not done(data) and (more := connection.recv(65536)):
        data += more
    return data
