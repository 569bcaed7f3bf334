"""A small server in a thread on this machine, whose answers each test sets. No test goes further."""

from __future__ import annotations

import contextlib
import io
import re
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler, int], None]


class Site:
    """A server that notes every request; ``answer`` is called with it and its number."""

    def __init__(self) -> None:
        self.answer: Answer = lambda request, n: send(request, b"", status=404)
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                site.requests.append(self.path)
                site.headers.append(dict(self.headers))
                site.bodies.append(self.rfile.read(length))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    site.answer(self, len(site.requests))  # the other side may have seen enough

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def open_site() -> Iterator[Site]:
    """Give a server for as long as it is needed."""
    site = Site()
    try:
        yield site
    finally:
        site.close()


def send(
    request: BaseHTTPRequestHandler,
    body: bytes,
    *,
    status: int = 200,
    claim: int | None = None,
    **headers: str,
) -> None:
    """Answer with a body; ``claim`` is a wrong Content-Length."""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body) if claim is None else claim))
    request.end_headers()
    request.wfile.write(body)


def send_file(
    request: BaseHTTPRequestHandler,
    content: bytes,
    *,
    etag: str = '"one"',
    cut_after: int | None = None,
    ranges: bool = True,
) -> None:
    """Answer as a file server does: conditions, parts, and a cut after so many bytes if asked."""
    asked = request.headers
    if asked.get("If-None-Match") == etag:
        send(request, b"", status=304, ETag=etag)
        return
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.get("Range", ""))
    if ranges and found and asked.get("If-Range", etag) == etag:
        first = int(found[1])
        last = min(int(found[2] or len(content)), len(content) - 1)
        part = content[first : last + 1]
        where = f"bytes {first}-{last}/{len(content)}"
        short = part if cut_after is None else part[:cut_after]
        send(request, short, status=206, claim=len(part), ETag=etag, Content_Range=where)
        return
    short = content if cut_after is None else content[:cut_after]
    send(request, short, claim=len(content), ETag=etag)


def make_zip(files: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive of files by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
