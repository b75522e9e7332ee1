"""The documentation's live counter, in each web framework that it names, as someone types in a browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from smscodec import measure
from tests.calculator.browsing import chromium, missing

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "web-form.md"

WSGI = """
from wsgiref.simple_server import WSGIRequestHandler, make_server

class Quiet(WSGIRequestHandler):
    def log_message(self, *_): pass

with make_server("127.0.0.1", 0, {application}, handler_class=Quiet) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
"""

DJANGO = """
import sys
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(ROOT_URLCONF=sys.modules[__name__], SECRET_KEY="of a test", ALLOWED_HOSTS=["127.0.0.1"])
"""

ASGI = """
import asyncio, socket
import uvicorn

listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
asyncio.run(server.serve(sockets=[listening]))
"""

RUNNERS = {
    "FastAPI": (("fastapi", "uvicorn"), ASGI),
    "Flask": (("flask",), WSGI.format(application="app")),
    "Django": (("django",), DJANGO + WSGI.format(application="get_wsgi_application()")),
}


def shown(language: str, section: str) -> str:
    """The block in that language below a heading of the page."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2]
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{section} shows no {language}"
    return found[1]


@contextmanager
def serving(framework: str, folder: Path) -> Iterator[str]:
    """The page's program, run beside its form; gives the address."""
    needed, runner = RUNNERS[framework]
    for name in needed:
        if find_spec(name) is None:
            missing(f"pip install {name}")
    (folder / "form.html").write_text(shown("html", "The form"), encoding="utf-8")
    (folder / "program.py").write_text(shown("python", framework) + runner, encoding="utf-8")
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        [sys.executable, "program.py"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port.isdigit(), f"the program for {framework} did not start"
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def asked(url: str, body: bytes) -> tuple[int, Any]:
    """Status and JSON of the endpoint's answer."""
    request = Request(f"{url}segments", body, {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=10) as reply:
            return reply.status, json.load(reply)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize("framework", RUNNERS)
def test_the_counter_counts_as_one_types(framework: str, tmp_path: Path) -> None:
    """The form shows what ``measure`` says of each text, and an empty one is no segment."""
    with serving(framework, tmp_path) as url, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.goto(url)
        page.locator("#count:text-is('0 segments')").wait_for()
        for text in ("Hello", "Hello 👋", "Don’t " * 30):
            page.get_by_label("Message").fill(text)
            found = measure(text)
            noun = "segment" if found.segments == 1 else "segments"
            page.locator(f"#count:text-is('{found.segments} {noun}, room for {found.remaining} more')").wait_for()


@pytest.mark.parametrize("framework", RUNNERS)
def test_the_endpoint_refuses_with_a_reason(framework: str, tmp_path: Path) -> None:
    """What is not a question is answered with 400, the field and what was expected."""
    with serving(framework, tmp_path) as url:
        assert asked(url, b'{"text": "Hello"}')[1]["measurement"] == measure("Hello").as_dict()
        for body, field in ((b"", None), (b"{}", "text"), (b'{"text": "a", "price": -1}', "price")):
            status, reply = asked(url, body)
            assert (status, reply["error"]["field"]) == (400, field)
