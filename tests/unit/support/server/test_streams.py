"""The stand-in model server on the wire, over raw sockets: write boundaries, gates, cuts, hangs."""

from __future__ import annotations

import json
import socket
import time

import pytest

from tests.support.server.captures import Capture, load_capture, parse_capture
from tests.support.server.clients import post, read_until
from tests.support.server.exchange import Exchange
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, At, Framing, Raw, Trouble, TroubleKind, replay

# A stop must be noticed at once; this is for a machine under load.
PROMPT = 2.0


def ended(data: bytes) -> bool:
    return data.endswith(b"\r\n0\r\n\r\n")


def at_end(_: bytes) -> bool:
    return False


def whole(server: LLMServer) -> Capture:
    with post(server) as connection:
        return parse_capture(read_until(connection, ended))


def nothing_comes(connection: socket.socket) -> bool:
    connection.settimeout(0.1)
    with pytest.raises(TimeoutError):
        connection.recv(1)
    connection.settimeout(10)
    return True


def contents(data: bytes) -> int:
    """How many deltas with text are in what came, the role chunk's empty one apart."""
    return data.count(b'"content":"') - data.count(b'"content":""')


def test_one_write_for_each_event_by_default(llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer("abcd", deltas=4))
    chunks = whole(llm_server).chunks
    assert len(chunks) == 7  # role, 4 deltas, finish, [DONE]
    assert all(chunk.startswith(b"data: ") and chunk.endswith(b"\n\n") for chunk in chunks)


def test_writes_of_a_size_cut_anywhere(llm_server: LLMServer) -> None:
    text = "Zürich 👩‍💻 東京"
    answer = Answer(text, deltas=3)
    llm_server.enqueue(answer)
    body = whole(llm_server).body
    for size in (1, 5, 64):
        llm_server.enqueue(Answer(text, deltas=3, framing=Framing(writes=size)))
        capture = whole(llm_server)
        assert capture.body == body
        assert {len(chunk) for chunk in capture.chunks[:-1]} == {size}
    llm_server.enqueue(Answer(text, deltas=3, framing=Framing(writes=100_000)))
    assert whole(llm_server).chunks == (body,)


def test_writes_cut_by_a_function(llm_server: LLMServer) -> None:
    def at_commas(body: bytes) -> list[bytes]:
        return [part + b"," for part in body.split(b",")[:-1]] + [body.split(b",")[-1]]

    llm_server.enqueue(Answer("abc", framing=Framing(writes=at_commas)))
    chunks = whole(llm_server).chunks
    assert len(chunks) > 20 and all(chunk.endswith(b",") for chunk in chunks[:-1])


def test_a_replay_keeps_the_servers_writes(llm_server: LLMServer) -> None:
    llm_server.enqueue(replay("llamaserver-1"))
    assert whole(llm_server).chunks == load_capture("llamaserver-1").chunks


@pytest.mark.parametrize("answer", [Answer("abcde", pace=0.03), replay("small-1", 900, pace=0.03)])
def test_pace_is_the_time_between_writes(llm_server: LLMServer, answer: Answer | Raw) -> None:
    llm_server.enqueue(answer)
    begin = time.monotonic()
    writes = len(whole(llm_server).chunks)
    assert writes > 3
    assert time.monotonic() - begin >= 0.03 * (writes - 1)


def test_the_gate_holds_the_stream_until_it_opens(llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer("x" * 25, deltas=25, gate_after=20))
    with post(llm_server) as connection:
        assert exchange.gate.wait_held() == 20
        data = read_until(connection, lambda data: contents(data) == 20)
        assert nothing_comes(connection) and exchange.state == "streaming"
        exchange.gate.open()
        data += read_until(connection, ended)
    assert contents(data) == 25
    assert exchange.wait_closed() == "completed"


def test_the_gate_lets_deltas_pass_one_by_one(llm_server: LLMServer) -> None:
    framing = Framing(writes=7)
    exchange = llm_server.enqueue(Answer("abc", deltas=3, gate_after=0, framing=framing))
    with post(llm_server) as connection:
        data = b""
        for count in range(4):
            assert exchange.gate.wait_held() == count
            assert not exchange.closed
            exchange.gate.advance()
        data = read_until(connection, ended)
    assert parse_capture(data).body.endswith(b"data: [DONE]\n\n")
    assert exchange.wait_closed() == "completed"


def test_a_gate_may_be_opened_before_and_after(llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(replay("small-1", gate_after=3))
    exchange.gate.open()
    assert whole(llm_server).body == load_capture("small-1").body
    exchange.gate.open()
    with pytest.raises(TimeoutError, match="did not come to the gate"):
        exchange.gate.wait_held(0.01)


@pytest.mark.parametrize("at", ["before_headers", 0, 2])
@pytest.mark.parametrize("kind", ["reset", "fin"])
def test_the_connection_is_cut(llm_server: LLMServer, kind: TroubleKind, at: At) -> None:
    exchange = llm_server.enqueue(Answer("abcd", deltas=4, trouble=Trouble(kind, at)))
    with post(llm_server) as connection:
        exchange.wait_closed()
        if kind == "fin":
            data = read_until(connection, at_end)
            assert data.startswith(b"HTTP/1.1 200") == (at != "before_headers")
            assert contents(data) == (2 if at == 2 else 0)
            assert not data or not parse_capture(data).complete
        else:
            with pytest.raises(ConnectionResetError):
                read_until(connection, at_end)
    assert exchange.state == "cut"


def test_deltas_before_a_reset_arrive_if_the_gate_waits_for_them(llm_server: LLMServer) -> None:
    answer = Answer("abcd", deltas=4, gate_after=2, trouble=Trouble("reset", 2))
    exchange = llm_server.enqueue(answer)
    with post(llm_server) as connection:
        read_until(connection, lambda data: contents(data) == 2)
        exchange.gate.open()
        with pytest.raises(ConnectionResetError):
            read_until(connection, at_end)
    assert exchange.wait_closed() == "cut"


@pytest.mark.parametrize("stream", [True, False])
def test_a_body_that_ends_properly_but_too_early(llm_server: LLMServer, stream: bool) -> None:
    exchange = llm_server.enqueue(Answer("abcd", deltas=4, trouble=Trouble("close", 0)))
    with post(llm_server, stream=stream) as connection:
        capture = parse_capture(read_until(connection, ended))
    assert (capture.status, capture.complete, capture.body) == (200, True, b"")
    llm_server.enqueue(Answer("abcd", deltas=4, trouble=Trouble("close", 2)))
    capture = whole(llm_server)
    assert capture.complete and contents(capture.body) == 2
    assert b"[DONE]" not in capture.body and b'"finish_reason":"' not in capture.body
    assert exchange.wait_closed() == "completed"


def test_an_error_in_mid_stream(llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer("abcd", deltas=4, trouble=Trouble("error", 1, "GPU on fire")))
    capture = whole(llm_server)
    last = json.loads(capture.chunks[-1].removeprefix(b"data: "))
    assert capture.status == 200 and len(capture.chunks) == 3
    assert last["error"]["message"] == "GPU on fire"


def gone(exchange: Exchange, connection: socket.socket) -> None:
    """Close the client's end; the server must notice."""
    begin = time.monotonic()
    connection.close()
    assert exchange.wait_closed(PROMPT) == "closed_by_client"
    assert exchange.closed_by_client and not exchange.completed
    assert 0 <= exchange.closed_at - begin < PROMPT


@pytest.mark.parametrize(
    ("at", "came"), [("before_headers", b""), (0, b"\r\n\r\n"), (2, b'"content":"b"')]
)
def test_a_hang_lasts_until_the_client_goes(llm_server: LLMServer, at: At, came: bytes) -> None:
    exchange = llm_server.enqueue(Answer("abcd", deltas=4, trouble=Trouble("hang", at)))
    connection = post(llm_server)
    exchange.wait_started()
    read_until(connection, lambda data: came in data)
    if at != 2:  # the rest of the last event may still be on its way
        assert nothing_comes(connection)
    assert exchange.state == "streaming"
    gone(exchange, connection)


def test_a_client_that_goes_is_noticed_at_the_gate(llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer("abcd", deltas=4, gate_after=2))
    connection = post(llm_server)
    exchange.gate.wait_held()
    gone(exchange, connection)
    exchange.gate.open()
    assert exchange.state == "closed_by_client"


def test_a_client_that_goes_is_noticed_in_a_pause(llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer("abcd", deltas=4, pace=60))
    connection = post(llm_server)
    read_until(connection, lambda data: b"data:" in data)
    gone(exchange, connection)


def test_a_client_that_goes_is_noticed_while_it_does_not_read(llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Raw((b"x" * 1_000_000,) * 40))
    connection = post(llm_server)
    read_until(connection, lambda data: len(data) > 1000)
    gone(exchange, connection)


def test_a_server_that_stops_ends_what_hangs() -> None:
    with LLMServer() as server:
        exchange = server.enqueue(Answer(trouble=Trouble("hang", "before_headers")))
        never = server.enqueue(Answer())
        connection = post(server)
        assert exchange.wait_started().path == "/v1/chat/completions"
    assert exchange.state == "stopped" and not never.started
    with connection, pytest.raises(RuntimeError, match="no request has come"):
        _ = never.request
    with pytest.raises(TimeoutError, match="still waiting"):
        never.wait_closed(0.01)
