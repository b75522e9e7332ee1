"""The line with which each framework reads a webhook, tried with the framework itself, called by the simulator.

The lines are those of the documentation. Where a framework is not installed its tests are skipped with a word.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from smscodec.simulator import CallbackMethod, CallbackState, Simulator
from smscodec.vonage import (
    DeliveryReceipt,
    EmptyWebhook,
    InboundMessage,
    MalformedWebhook,
    SignatureMethod,
    from_asgi,
    from_wsgi,
    parse_webhook,
    verify,
)
from smscodec.vonage.webhook import Webhook
from tests.vonage.applications import Application, as_wsgi, served
from tests.vonage.judging import missing
from tests.vonage.test_examples import section
from tests.vonage.webhooks import FORM

SECRET = "signature secret"
Read = Callable[[Any], Webhook]
Taken = list[object]

FLASK = "parse_webhook(request.method, request.query_string, request.content_type, request.get_data())"
FASTAPI = 'parse_webhook(request.method, request.url.query, request.headers.get("content-type"), await request.body())'
DJANGO = 'parse_webhook(request.method, request.META["QUERY_STRING"], request.content_type, request.body)'


def framework(name: str) -> Any:
    """A module of a framework, or a skip that says how to have it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        missing(name, "pip install --group web")


def taken_from(read: Callable[[], Webhook], taken: Taken) -> int:
    """Read a webhook, keep it or its error, and give the HTTP status to answer with."""
    try:
        taken.append(read())
    except MalformedWebhook as error:
        taken.append(error)
        return 400
    return 200


def flask_application(read: Read, taken: Taken) -> Application:
    """A Flask application that reads requests with ``read``."""
    flask = framework("flask")
    application = flask.Flask("webhooks")

    def view() -> tuple[str, int]:
        return "", taken_from(lambda: read(flask.request), taken)

    application.add_url_rule("/hook", view_func=view, methods=["GET", "POST"])
    wsgi: Application = application
    return wsgi


def fastapi_application(taken: Taken) -> Application:
    """A FastAPI application that reads requests with the line of the documentation."""
    fastapi = framework("fastapi")
    application = fastapi.FastAPI()
    names: dict[str, Any] = {"parse_webhook": parse_webhook}
    exec(f"async def read(request):\n    return {FASTAPI}", names)

    async def view(request: Any) -> Any:
        try:
            taken.append(await names["read"](request))
        except MalformedWebhook as error:
            taken.append(error)
            return fastapi.Response(status_code=400)
        return fastapi.Response()

    view.__annotations__ = {"request": fastapi.Request}
    application.add_api_route("/hook", view, methods=["GET", "POST"])
    return as_wsgi(application)


def django_view(read: Read, taken: Taken) -> None:
    """Let Django's URL /hook lead to a view that reads requests with ``read``."""
    conf = framework("django.conf")
    if not conf.settings.configured:
        conf.settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF="webhooks_of_django", LOGGING_CONFIG=None)
        framework("django").setup()
    urls, http = framework("django.urls"), framework("django.http")

    def view(request: Any) -> Any:
        return http.HttpResponse(status=taken_from(lambda: read(request), taken))

    module = sys.modules["webhooks_of_django"] = ModuleType("webhooks_of_django")
    module.__dict__["urlpatterns"] = [urls.path("hook", view)]
    urls.clear_url_caches()


def django_application(read: Read, taken: Taken) -> Application:
    """Django under WSGI."""
    framework("django")
    django_view(read, taken)
    wsgi: Application = framework("django.core.wsgi").get_wsgi_application()
    return wsgi


def asgi_django_application(read: Read, taken: Taken) -> Application:
    """Django under ASGI."""
    framework("django")
    django_view(read, taken)
    return as_wsgi(framework("django.core.asgi").get_asgi_application())


def line(text: str) -> Read:
    """A line of the documentation as a function of the framework's request."""
    read: Read = eval(f"lambda request: {text}", {"parse_webhook": parse_webhook})
    return read


APPLICATIONS: dict[str, Callable[[Taken], Application]] = {
    "Flask": lambda taken: flask_application(line(FLASK), taken),
    "Flask, from_wsgi": lambda taken: flask_application(lambda request: from_wsgi(request.environ), taken),
    "FastAPI": fastapi_application,
    "Django": lambda taken: django_application(line(DJANGO), taken),
    "Django, from_wsgi": lambda taken: django_application(lambda request: from_wsgi(request.META), taken),
    "Django under ASGI": lambda taken: asgi_django_application(line(DJANGO), taken),
    "Django under ASGI, from_asgi": lambda taken: asgi_django_application(
        lambda request: from_asgi(request.scope, request.body), taken
    ),
}
applications = pytest.mark.parametrize("application", APPLICATIONS.values(), ids=APPLICATIONS)


def test_lines_are_those_of_the_documentation() -> None:
    """The documentation gives exactly the lines that are tried here."""
    assert [text for text in (FLASK, FASTAPI, DJANGO) if f"webhook = {text}\n" not in section()] == []


def test_the_view_for_flask_runs() -> None:
    """The documentation's view in Flask gives its webhook to ``take``, and refuses what is not one."""
    framework("flask")
    (view,) = re.findall(r"```python\n(from flask .*?)```", section(), re.DOTALL)
    taken: Taken = []
    names: dict[str, Any] = {"__name__": "hooks", "take": taken.append}
    exec(view, names)
    client = names["app"].test_client()
    assert client.get("/webhooks").status_code == 200
    assert client.post("/webhooks", data="{", content_type="application/json").status_code == 400
    assert [type(webhook) for webhook in taken] == [EmptyWebhook]


@applications
@pytest.mark.parametrize(
    ("method", "query"),
    [*((method, "") for method in CallbackMethod), (CallbackMethod.POST, "?a=b&a=c"), (CallbackMethod.POST_JSON, "?a")],
)
def test_frameworks_take_signed_webhooks(
    application: Callable[[Taken], Application], method: CallbackMethod, query: str
) -> None:
    """A signed message in every form is read and verifies, also at a URL with a query of its own."""
    taken: Taken = []
    with served(application(taken)) as url, signing_simulator(f"{url}hook{query}", method) as sim:
        sim.inbound("Ж😀 & = +", repeat=False)
        sim.settle()
        assert {callback.state for callback in sim.callbacks} == {CallbackState.DELIVERED}
    (message,) = taken
    assert isinstance(message, InboundMessage)
    assert message.text == "Ж😀 & = +"
    verify(message.params, SECRET, SignatureMethod.SHA256_HMAC)


def signing_simulator(url: str, method: CallbackMethod) -> Simulator:
    """A simulator that signs, with its inbound webhook at ``url``."""
    return Simulator(
        signature_secret=SECRET,
        signature_method=SignatureMethod.SHA256_HMAC,
        inbound_url=url,
        callback_method=method,
    )


@applications
def test_frameworks_answer_the_check(application: Callable[[Taken], Application]) -> None:
    """A GET without parameters is an EmptyWebhook, which is answered with 200."""
    taken: Taken = []
    with served(application(taken)) as url, urlopen(f"{url}hook", timeout=10) as answer:
        assert answer.status == 200
    assert [type(webhook) for webhook in taken] == [EmptyWebhook]


BODY = b"messageId=1&status=delivered&msisdn=447700900000"


def posted(application: Application) -> int:
    """The status of the answer to a delivery receipt."""
    with served(application) as url:
        request = Request(f"{url}hook", data=BODY, headers={"Content-Type": FORM})
        try:
            with urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code


def after(touch: Callable[[Any], object], read: Read) -> Read:
    """Read a request after the application has touched its body."""

    def reading(request: Any) -> Webhook:
        touch(request)
        return read(request)

    return reading


@pytest.mark.parametrize("touch", [lambda request: request.get_data(), lambda request: request.get_json(silent=True)])
def test_from_wsgi_under_flask_gives_what_flask_has_read(touch: Callable[[Any], object]) -> None:
    """After Flask has read the body and kept it, from_wsgi gives the webhook all the same."""
    taken: Taken = []
    assert posted(flask_application(after(touch, lambda request: from_wsgi(request.environ)), taken)) == 200
    assert isinstance(taken[0], DeliveryReceipt)


def test_from_wsgi_under_flask_after_the_form() -> None:
    """After Flask has turned the body into a form, the error says what to call instead."""
    taken: Taken = []
    read = after(lambda request: request.form, lambda request: from_wsgi(request.environ))
    assert posted(flask_application(read, taken)) == 400
    assert "request.get_data() in Flask" in str(taken[0])


@pytest.mark.parametrize("touch", [lambda request: request.body, lambda request: request.POST])
def test_from_wsgi_under_django_after_the_body(touch: Callable[[Any], object]) -> None:
    """After Django has read the body, from_wsgi does not wait for another; the error says what to call instead."""
    taken: Taken = []
    read = after(touch, lambda request: from_wsgi(request.META))
    assert posted(django_application(read, taken)) == 400
    assert "request.body in Django" in str(taken[0])


def test_from_wsgi_under_django_with_asgi() -> None:
    """Where Django runs under ASGI there is no WSGI input, and the error says what to call instead."""
    taken: Taken = []
    assert posted(asgi_django_application(lambda request: from_wsgi(request.META), taken)) == 400
    assert "request.body in Django" in str(taken[0])
