"""One polite, bounded, checked transfer over the network."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from cip.errors import Problem, SourceError

MAX_TRIES = 4
MAX_REDIRECTS = 5
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 120.0
#: A transfer that takes longer is given up: a server may send a byte at a time for ever.
LONGEST_TRANSFER_S = 3600.0
RETRY_STATUSES = {408, 425, 429, 500, 502, 503, 504}
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
#: Who asks, so that a publisher who minds can say so.
USER_AGENT = "cip-workbook/0.1 (community insight profiles; public sector analysis)"

#: Called with a name, the bytes so far, and all of them where the server has said.
Progress = Callable[[str, int, int | None], None]
T = TypeVar("T")


class TryAgain(Exception):
    """A failure that may pass; ``wait_s`` is what the server asked for."""

    def __init__(self, reason: str, wait_s: float | None = None):
        super().__init__(reason)
        self.wait_s = wait_s


class NotThere(SourceError):
    """The server has nothing at the address (status 404 or 410)."""


@dataclass(frozen=True)
class Transfer:
    """How to fetch: which hosts, through which client, and how to wait.

    Parameters
    ----------
    client
        The HTTP client; it must not follow redirects by itself.
    allowed_hosts
        Hosts that may be asked, also after a redirect.
    base_urls
        Addresses to use in place of others, by their beginning (a mirror, or a test server).
    sleep, clock
        Wait so many seconds; and the seconds of a steady clock.
    pauses_s
        Least seconds between two requests, by host.
    progress
        Called with a name, the bytes so far and the bytes in all, where known.
    """

    client: httpx.Client
    allowed_hosts: Collection[str]
    base_urls: dict[str, str] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep
    pauses_s: Mapping[str, float] = field(default_factory=dict)
    progress: Progress | None = None
    clock: Callable[[], float] = time.monotonic
    _asked: dict[str, float] = field(default_factory=dict, init=False, repr=False)

    def get(self, address: str, *, params: dict[str, str] | None = None, max_bytes: int) -> bytes:
        """Return the content at an address, trying again after failures that may pass.

        Raises
        ------
        SourceError
            When the host is not allowed, the content is too large or is a web page, or the
            server fails four times. ``NotThere`` when it has nothing at the address.
        """
        url = httpx.URL(self.find_address(address), params=params) if params else address
        return self.retry(lambda: self._read("GET", str(url), max_bytes), address)

    def post(self, address: str, *, form: dict[str, str], max_bytes: int) -> bytes:
        """Return the answer to a form sent to an address; as ``get`` otherwise."""
        return self.retry(lambda: self._read("POST", address, max_bytes, form), address)

    def retry(self, attempt: Callable[[], T], address: str) -> T:
        """Make an attempt until it succeeds, at most four times, waiting as the server asks."""
        reason = ""
        for number in range(MAX_TRIES):
            wait_s = FIRST_WAIT_S * 2**number
            try:
                return attempt()
            except TryAgain as error:
                reason = str(error)
                wait_s = wait_s if error.wait_s is None else error.wait_s
            except httpx.TransportError as error:
                reason = f"{type(error).__name__}: {error}"
            if wait_s > LONGEST_WAIT_S:
                raise SourceError(
                    Problem(
                        f"The publisher's server asks to be left alone for {wait_s / 60:.0f} "
                        "minutes. Try again then.",
                        file=address,
                        found=reason,
                    )
                )
            if number + 1 < MAX_TRIES:
                self.sleep(wait_s)
        raise SourceError(
            Problem(f"The publisher's server failed {MAX_TRIES} times.", file=address, found=reason)
        )

    @contextmanager
    def open(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        accepted: Collection[int] = (200,),
    ) -> Iterator[httpx.Response]:
        """Send one request and give its answer, of which nothing has been read yet.

        Raises
        ------
        TryAgain, SourceError
            For a status that is not accepted, and for hosts that are not allowed.
        """
        url = httpx.URL(self.find_address(address))
        for _ in range(MAX_REDIRECTS + 1):
            self._check_host(url)
            self._pace(url.host)
            sent = {"User-Agent": USER_AGENT, **(headers or {})}
            with self.client.stream(method, url, headers=sent, data=form) as response:
                if response.is_redirect and "location" in response.headers and method == "GET":
                    target = url.join(response.headers["location"])
                    url = httpx.URL(self.find_address(str(target)))
                    continue
                _check_status(response, url, accepted)
                yield response
                return
        raise SourceError(Problem("The address redirects too often.", file=address))

    def find_address(self, address: str) -> str:
        """Return the address to ask in place of a publisher's, where there is another."""
        for beginning, other in self.base_urls.items():
            if address.startswith(beginning):
                return other + address[len(beginning) :]
        return address

    def _read(
        self, method: str, address: str, max_bytes: int, form: dict[str, str] | None = None
    ) -> bytes:
        with self.open(method, address, form=form) as response:
            chunks = b"".join(self.stream(response, address, max_bytes=max_bytes))
            check_content(chunks, response.headers.get("content-type", ""), address)
            return chunks

    def stream(
        self, response: httpx.Response, address: str, *, max_bytes: int, raw: bool = False
    ) -> Iterator[bytes]:
        """Give the content of an answer piece by piece, and stop when it is too large or slow."""
        size, begun = 0, self.clock()
        for chunk in response.iter_raw() if raw else response.iter_bytes():
            size += len(chunk)
            if size > max_bytes:
                raise make_too_large(address, max_bytes)
            if self.clock() - begun > LONGEST_TRANSFER_S:
                raise SourceError(Problem("The download took longer than an hour.", file=address))
            yield chunk

    def _pace(self, host: str) -> None:
        pause_s = self.pauses_s.get(host, 0.0)
        if pause_s and host in self._asked:
            wait_s = self._asked[host] + pause_s - self.clock()
            if wait_s > 0:
                self.sleep(wait_s)
        self._asked[host] = self.clock()

    def _check_host(self, url: httpx.URL) -> None:
        if any(str(url).startswith(other) for other in self.base_urls.values()):
            return
        if url.host not in self.allowed_hosts or url.scheme != "https":
            raise SourceError(
                Problem(
                    "The address is not one of a known publisher, so nothing was downloaded.",
                    file=str(url.copy_with(query=None)),
                    found=f"{url.scheme}://{url.host}",
                    expected=f"https and one of {', '.join(sorted(self.allowed_hosts))}",
                )
            )


def _check_status(response: httpx.Response, url: httpx.URL, accepted: Collection[int]) -> None:
    status = response.status_code
    if status in accepted:
        return
    if status in RETRY_STATUSES:
        raise TryAgain(f"status {status}", read_wait(response.headers.get("retry-after")))
    kind = NotThere if status in (404, 410) else SourceError
    raise kind(
        Problem(
            "The publisher's server does not give the file at this address.",
            file=str(url.copy_with(query=None)),
            found=f"status {status}",
        )
    )


def read_wait(header: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks for: a number, or a date to wait for."""
    text = (header or "").strip()
    if text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def make_too_large(address: str, max_bytes: int) -> SourceError:
    """Say that a download is larger than was declared possible."""
    return SourceError(
        Problem(
            "The download is larger than expected and was stopped.",
            file=address,
            found=f"more than {max_bytes:,} bytes",
        )
    )


def check_content(start: bytes, content_type: str, address: str) -> None:
    """Refuse a web page where data was expected (a sign-in, a consent or an error page)."""
    head = start[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html")) or "text/html" in content_type.casefold():
        raise SourceError(
            Problem("The publisher's server sent a web page, not the file.", file=address)
        )
    if not start:
        raise SourceError(Problem("The publisher's server sent an empty file.", file=address))
