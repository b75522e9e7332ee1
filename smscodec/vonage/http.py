"""A request and a response as plain values, so that any HTTP stack can carry them.

Nothing here touches a socket. What these values print never shows a query, a header or a body, since those hold
secrets, numbers and texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from smscodec._values import Value

__all__ = ["HttpRequest", "HttpResponse", "Transport"]

_HIDDEN: Final = "HIDDEN"
_SECRET: Final = re.compile(r"(?<![^?&])(api_secret=)[^&#]*")


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest(Value):
    """One HTTP request: ``method``, ``url`` with its query, ``headers`` and ``body`` in octets.

    >>> HttpRequest("POST", "https://rest.nexmo.com/sms/json?api_secret=s", {}, b"to=447700900000")
    HttpRequest(POST https://rest.nexmo.com/sms/json, 15 octets)
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    def as_dict(self) -> dict[str, Any]:
        """The request in types that ``json.dumps`` takes, the body as text; HIDDEN stands for the API secret."""
        headers = {
            name: f"{value.partition(' ')[0]} {_HIDDEN}" if name.lower() == "authorization" else value
            for name, value in self.headers.items()
        }
        return {
            "method": self.method,
            "url": _SECRET.sub(rf"\1{_HIDDEN}", self.url),
            "headers": headers,
            "body": _SECRET.sub(rf"\1{_HIDDEN}", self.body.decode("utf-8", "backslashreplace")),
        }

    def __repr__(self) -> str:
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return f"HttpRequest({self.method} {parts.scheme}://{host}{parts.path}, {len(self.body)} octets)"


@dataclass(frozen=True, slots=True, repr=False)
class HttpResponse(Value):
    """One HTTP response: ``status``, ``headers`` and ``body`` in octets.

    >>> HttpResponse(200, {"Content-Type": "text/xml"}, b"").header("content-type")
    'text/xml'
    """

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
"""Any function that carries a request to the service and brings its response back."""
