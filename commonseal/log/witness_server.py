"""Serve a witness over HTTP: two addresses, bounded bodies, bounded waits, bounded threads.

Source: c2sp.org/tlog-witness. `POST /add-checkpoint` and `GET /<origin hash>/checkpoint`. TLS belongs to
the proxy in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import BoundedSemaphore
from typing import Any

from commonseal.errors import LogFault
from commonseal.log.witness import Answer, Witness

MAX_BODY = 256 * 1024  # a proof of 63 hashes and some dozens of the longest signatures
_SECONDS = 10.0
_THREADS = 32
_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)
_LATEST = re.compile(r"/([0-9a-f]{64})/checkpoint", re.ASCII)


class WitnessServer(ThreadingHTTPServer):
    """A witness at an address; `clock` gives unix seconds."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], witness: Witness, *, clock: Callable[[], float]) -> None:
        """Bind the address; `serve_forever` then answers."""
        super().__init__(address, _Handler)
        self.witness = witness
        self.clock = clock
        self._free = BoundedSemaphore(_THREADS)

    def process_request(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Take a connection only while a thread is free; else drop it, and the client tries again."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Serve one connection, then give the thread back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Say nothing of a broken connection: what a stranger sends must not fill our logs."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "commonseal-witness"
    sys_version = ""
    timeout = _SECONDS
    server: WitnessServer

    def do_POST(self) -> None:
        if self.path != "/add-checkpoint":
            self.close_connection = True
            return self._send(Answer(404, b"not found\n"))
        lengths = self.headers.get_all("Content-Length") or []
        if len(lengths) != 1 or not _LENGTH.fullmatch(lengths[0]) or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            return self._send(Answer(411, b"one Content-Length is required\n"))
        length = int(lengths[0])
        if length > MAX_BODY:
            self.close_connection = True
            return self._send(Answer(413, f"at most {MAX_BODY} bytes\n".encode()))
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return None
        return self._send(self._answer(body))

    def do_GET(self) -> None:
        match = _LATEST.fullmatch(self.path)
        self._send(self.server.witness.latest(match[1]) if match else Answer(404, b"not found\n"))

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: addresses of clients are personal data."""

    def _answer(self, body: bytes) -> Answer:
        try:
            return self.server.witness.add_checkpoint(body, at=int(self.server.clock()))
        except LogFault:
            return Answer(500, b"the witness cannot store its state\n")

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
