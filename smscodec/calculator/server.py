"""The calculator over HTTP: one page, ``POST /api/measure``, and nothing else; and only for a browser on this machine.

It knows who may ask, and in which form; questions are read and answered elsewhere.
Reference: RFC 9110; Content Security Policy Level 3, 2.3.1 (hashes of inline scripts and styles)
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import Any, Final, NamedTuple

from smscodec._loopback import LoopbackServer, Request, Response, foreign_header
from smscodec.calculator.answer import answer
from smscodec.calculator.question import QuestionError, read_question

__all__ = ["Calculator", "calculator_server"]

_PAGE: Final = "/"
_MEASURE: Final = "/api/measure"
_METHODS: Final = {_PAGE: ("GET", "HEAD"), _MEASURE: ("POST",)}
_STYLE: Final = '<link rel="stylesheet" href="page.css">'
_SCRIPT: Final = '<script type="module" src="page.js"></script>'
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_MESSAGES: Final = {
    HTTPStatus.LENGTH_REQUIRED: "a Content-Length is needed, and no Transfer-Encoding is taken",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the body is larger than 256 KiB",
}


class _Page(NamedTuple):
    """The page in one piece, and the policy under which nothing runs that is not in it."""

    octets: bytes
    policy: str


class Calculator:
    """The service: refuses what does not come from a browser on this machine, and is safe for many threads.

    >>> request = Request(8000, "POST", "/api/measure", {}, b'{"text": "Hello"}')
    >>> json.loads(Calculator().respond(request).body)["measurement"]["segments"]
    1
    """

    def __init__(self) -> None:
        self._page = _assembled()

    def screen(self, request: Request) -> Response | None:
        """Refuse other hosts and origins, other paths and methods, and other types of content."""
        foreign = foreign_header(request)
        if foreign is not None:
            return self._error(HTTPStatus.FORBIDDEN, f"requests with another {foreign} are not answered here")
        methods = _METHODS.get(request.target)
        if methods is None:
            return self._error(HTTPStatus.NOT_FOUND, f"there is only {_PAGE} and {_MEASURE}")
        if request.method not in methods:
            allow = ", ".join(methods)
            return self._error(HTTPStatus.METHOD_NOT_ALLOWED, f"only {allow} is answered here", allow=allow)
        if request.target == _MEASURE and not _is_json(request):
            return self._error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the Content-Type must be application/json, in UTF-8")
        return None

    def respond(self, request: Request) -> Response:
        """The page, or the answer to a question."""
        if request.target == _PAGE:
            return self._response(HTTPStatus.OK, "text/html; charset=utf-8", self._page.octets)
        try:
            return self._json(HTTPStatus.OK, answer(read_question(request.body)))
        except QuestionError as error:
            status = HTTPStatus.BAD_REQUEST if error.malformed else HTTPStatus.UNPROCESSABLE_ENTITY
            return self._json(status, {"error": error.fields()})

    def refuse(self, status: int) -> Response:
        """The error that HTTP itself names."""
        known = HTTPStatus(status)
        return self._error(known, _MESSAGES.get(known, known.phrase))

    def _error(self, status: HTTPStatus, message: str, *, allow: str | None = None) -> Response:
        response = self._json(status, {"error": {"message": message, "field": None, "position": None}})
        return response if allow is None else _with_header(response, "Allow", allow)

    def _json(self, status: HTTPStatus, value: dict[str, Any]) -> Response:
        octets = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return self._response(status, "application/json", octets)

    def _response(self, status: HTTPStatus, content_type: str, octets: bytes) -> Response:
        headers = {**_HEADERS, "Content-Security-Policy": self._page.policy}
        return Response(status, content_type, octets, headers)


def calculator_server(port: int) -> LoopbackServer:
    """A server of the calculator on a port of 127.0.0.1, 0 for a free one; ``OSError`` if it is not free.

    >>> from urllib.request import urlopen
    >>> server = calculator_server(0)
    >>> server.start()
    >>> with urlopen(server.url) as page:
    ...     page.headers["Content-Type"]
    'text/html; charset=utf-8'
    >>> server.close()
    """
    return LoopbackServer(port, Calculator(), name="smscodec-calculator")


def _with_header(response: Response, name: str, value: str) -> Response:
    return Response(response.status, response.content_type, response.body, {**response.headers, name: value})


def _is_json(request: Request) -> bool:
    media_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    encoding = request.headers.get("content-encoding", "identity").lower()
    return (
        media_type.strip() == "application/json"
        and parameters.replace(" ", "").replace('"', "") in ("", "charset=utf-8")
        and encoding == "identity"
    )


def _assembled() -> _Page:
    """The page with its style and its script inside, and a policy that names both by their hashes."""
    names = ("page.html", "page.css", "drawing.js", "page.js")
    html, style, drawing, page = (files(__package__).joinpath(name).read_text(encoding="utf-8") for name in names)
    script = drawing + page
    html = html.replace(_STYLE, f"<style>{style}</style>").replace(_SCRIPT, f'<script type="module">{script}</script>')
    policy = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(style),
        "connect-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return _Page(html.encode("utf-8"), "; ".join(f"{name} {value}" for name, value in policy.items()))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
