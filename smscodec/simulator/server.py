"""The simulator's service as a server on loopback carries it: HTTP requests to the service's own, its answers to HTTP.

It knows both forms, and not what a request means.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from smscodec._loopback import Request, Response, foreign_header
from smscodec.simulator.reading import Incoming
from smscodec.simulator.service import Answer

__all__ = ["HttpService"]


class HttpService:
    """Serves ``respond``; ``replied`` is called once an answer has gone out."""

    def __init__(self, *, respond: Callable[[Incoming], Answer], replied: Callable[[Answer], None]) -> None:
        self._respond = respond
        self._replied = replied

    def screen(self, request: Request) -> Response | None:
        """Refuse what comes from another page or name; the rest is for the service to say."""
        foreign = foreign_header(request)
        if foreign is None:
            return None
        reason = f"requests with another {foreign} are not answered here\n"
        return Response(HTTPStatus.FORBIDDEN, body=reason.encode("ascii"))

    def respond(self, request: Request) -> Response:
        """The service's answer."""
        path, _, query = request.target.partition("?")
        answer = self._respond(Incoming(request.method, path, query, request.headers, request.body))
        return Response(
            answer.http_status, answer.content_type, answer.body, answer.headers, lambda: self._replied(answer)
        )

    def refuse(self, status: int) -> Response:
        """The phrase of the status."""
        return Response(status, body=HTTPStatus(status).phrase.encode("ascii"))
