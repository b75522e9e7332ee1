"""A request and a response as plain values, so that any HTTP stack can carry them.

Nothing here touches a socket. What these values print never shows a query, a header or a body, since those hold
secrets, numbers and texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["HttpRequest", "HttpResponse", "Transport"]


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest:
    """One HTTP request: ``method``, ``url`` with its query, ``headers`` and ``body`` in octets."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return f"HttpRequest({self.method} {parts.scheme}://{host}{parts.path}, {len(self.body)} octets)"


@dataclass(frozen=True, slots=True, repr=False)
class HttpResponse:
    """One HTTP response: ``status``, ``headers`` and ``body`` in octets."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)

    def __repr__(self) -> str:
        return f"HttpResponse({self.status}, {len(self.body)} octets)"


Transport = Callable[[HttpRequest], HttpResponse]
"""Whatever carries a request to the service and its response back."""
