"""What the tests share: the vectors, and servers that fail on purpose."""

from __future__ import annotations

import http.server
import json
import os
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# The installed module may be tested far from the repository's folder of it, which would otherwise be looked for here.
ROOT = Path(os.environ.get("RETRIAGE_ROOT", Path(__file__).resolve().parents[3]))


class Case:
    """One case of the vectors: a question, and the members its answer must have."""

    def __init__(self, file: str, case: dict[str, Any]) -> None:
        self.name = f"{file}: {case['name']}"
        self.question: dict[str, Any] | None = case.get("question")
        self.text: str = case.get("text", "")
        self.answer: dict[str, Any] = case["answer"]

    @property
    def given(self) -> dict[str, Any] | str:
        """The question, or its text where it isn't JSON or no dict can hold it."""
        return self.text if self.question is None else self.question


def cases() -> list[Case]:
    """Every case of every file."""
    files = sorted((ROOT / "tests/vectors").glob("*.json"))
    return [Case(file.name, case) for file in files for case in json.loads(file.read_text("utf-8"))["cases"]]


def difference(at: str, expected: Any, found: Any) -> str | None:
    """Where an answer isn't what a case asks for. Members that the case doesn't name don't count."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            if name not in found:
                return f"{at}/{name} is missing"
            if wrong := difference(f"{at}/{name}", value, found[name]):
                return wrong
        return None
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found))
        return next((wrong for at_, (one, two) in pairs if (wrong := difference(f"{at}/{at_}", one, two))), None)
    same = type(expected) is type(found) and expected == found
    return None if same else f"{at} is {found!r}, not {expected!r}"


class Answer:
    """What the server does about one request: answers, or fails in a way of its own."""

    def __init__(
        self, status: int = 200, body: bytes | dict[str, Any] = b"", headers: dict[str, str] | None = None, how: str = ""
    ) -> None:
        self.status = status
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.headers = headers or {}
        self.how = how


RESET = Answer(how="reset")  # the connection breaks before anything is answered
STALL = Answer(how="stall")  # nothing is answered, and the connection stays
CUT = Answer(200, b"a half of what was ann", how="cut")  # the body breaks off


class Seen:
    """A request as the server saw it."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body


class Server(http.server.ThreadingHTTPServer):
    """A server on a free port of this machine that answers by a script."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[Answer] = []
        self.seen: list[Seen] = []
        self.over = threading.Event()
        self.turn = threading.Lock()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/Patient/4711?name=Doe"

    def answers(self, *script: Answer) -> None:
        """What it does about the next requests; the last again and again."""
        self.script = list(script)
        self.seen = []

    def shutdown_request(self, request: Any) -> None:
        # Closing alone: a shutdown would end the connection in good order.
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def handle_any(self) -> None:
        server = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while (size := int(self.rfile.readline(), 16)) > 0:
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        with server.turn:
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.seen.append(Seen(self.command, self.path, headers, body))
            answer = server.script.pop(0) if len(server.script) > 1 else server.script[0]
        self.close_connection = True
        if answer.how == "stall":
            server.over.wait()
        if answer.how in ("reset", "stall"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body) + (100 if answer.how == "cut" else 0)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = handle_any

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that fails on purpose, for one test."""
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()
    thread.join()
