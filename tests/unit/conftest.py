"""Fixtures of the unit tests: every publisher on one small server."""

from ..support.publishers import _publishers, published, publisher_server

__all__ = ["_publishers", "published", "publisher_server"]
