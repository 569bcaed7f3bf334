"""Fixtures of the unit tests: every publisher on one small server."""

from ..support.publishers import _publishers, published, publisher_server
from ..support.reading import folder

__all__ = ["_publishers", "folder", "published", "publisher_server"]
