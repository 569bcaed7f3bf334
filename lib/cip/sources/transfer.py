"""One polite, bounded, checked transfer over the network."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import httpx

from cip.errors import Problem, SourceError

MAX_TRIES = 4
MAX_REDIRECTS = 5
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
RETRY_STATUSES = {429, 500, 502, 503, 504}
TIMEOUT = httpx.Timeout(30.0, connect=10.0)


class _TryAgain(Exception):
    """A failure that may pass; ``wait_s`` is what the server asked for."""

    def __init__(self, reason: str, wait_s: float | None = None):
        super().__init__(reason)
        self.wait_s = wait_s


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
    sleep
        Waits so many seconds.
    """

    client: httpx.Client
    allowed_hosts: Collection[str]
    base_urls: dict[str, str] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep

    def get(self, address: str, *, params: dict[str, str] | None = None, max_bytes: int) -> bytes:
        """Return the content at an address, trying again after failures that may pass.

        Raises
        ------
        SourceError
            When the host is not allowed, the content is too large or is a web page, or the
            server fails four times.
        """
        address = self._override(address)
        reason = ""
        for attempt in range(MAX_TRIES):
            try:
                return self._get_once(address, params, max_bytes)
            except _TryAgain as error:
                reason = str(error)
                wait_s = FIRST_WAIT_S * 2**attempt if error.wait_s is None else error.wait_s
            except httpx.TransportError as error:
                reason = f"{type(error).__name__}: {error}"
                wait_s = FIRST_WAIT_S * 2**attempt
            if attempt + 1 < MAX_TRIES:
                self.sleep(min(wait_s, LONGEST_WAIT_S))
        raise SourceError(
            Problem(f"The publisher's server failed {MAX_TRIES} times.", file=address, found=reason)
        )

    def _override(self, address: str) -> str:
        for beginning, other in self.base_urls.items():
            if address.startswith(beginning):
                return other + address[len(beginning) :]
        return address

    def _get_once(self, address: str, params: dict[str, str] | None, max_bytes: int) -> bytes:
        url = httpx.URL(address, params=params) if params else httpx.URL(address)
        for _ in range(MAX_REDIRECTS + 1):
            self._check_host(url)
            with self.client.stream("GET", url) as response:
                if response.is_redirect and "location" in response.headers:
                    url = url.join(response.headers["location"])
                    continue
                self._check_status(response, url)
                content = _read_bounded(response, url, max_bytes)
                check_content(content, response.headers.get("content-type", ""), str(url))
                return content
        raise SourceError(Problem("The address redirects too often.", file=address))

    def _check_host(self, url: httpx.URL) -> None:
        is_override = any(str(url).startswith(other) for other in self.base_urls.values())
        if is_override:
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

    @staticmethod
    def _check_status(response: httpx.Response, url: httpx.URL) -> None:
        if response.status_code in RETRY_STATUSES:
            raise _TryAgain(
                f"status {response.status_code}", _read_wait(response.headers.get("retry-after"))
            )
        if response.status_code != 200:
            raise SourceError(
                Problem(
                    "The publisher's server does not give the file at this address.",
                    file=str(url.copy_with(query=None)),
                    found=f"status {response.status_code}",
                )
            )


def _read_wait(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header; a date there means the usual wait."""
    return float(header) if header and header.strip().isdigit() else None


def _read_bounded(response: httpx.Response, url: httpx.URL, max_bytes: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > max_bytes:
            raise SourceError(
                Problem(
                    "The download is larger than expected and was stopped.",
                    file=str(url.copy_with(query=None)),
                    found=f"more than {max_bytes:,} bytes",
                )
            )
        chunks.append(chunk)
    return b"".join(chunks)


def check_content(content: bytes, content_type: str, address: str) -> None:
    """Refuse a web page where data was expected (a sign-in, a consent or an error page)."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html")) or "text/html" in content_type.casefold():
        raise SourceError(
            Problem("The publisher's server sent a web page, not the file.", file=address)
        )
    if not content:
        raise SourceError(Problem("The publisher's server sent an empty file.", file=address))
