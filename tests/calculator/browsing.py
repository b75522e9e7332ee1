"""The page in headless Chromium, and what a test looks at in it.

Chromium and Playwright are found, never fetched (``apt-get install chromium``, ``pip install playwright``). Without
them the tests skip with a word, and with SMSCODEC_CI=full they fail.

What ``wait_for_function`` takes must be a function, ``() => …``: Playwright evaluates the text of an expression again
and again, which the page's policy forbids from the second time on.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)

SETTLED = """text => {
  const first = document.querySelector('#segments .drawn');
  const waiting = first && first.getBoundingClientRect().top < innerHeight && !first.querySelector('.cell');
  return document.body.dataset.about === text && !waiting;
}"""


def missing(why: str) -> NoReturn:
    """No browser: a reason to skip on a developer's machine, and to fail where everything must run."""
    if os.environ.get("SMSCODEC_CI") == "full":
        pytest.fail(f"the page is not tried: {why}")
    pytest.skip(f"the page is not tried: {why}")


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("pip install playwright")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("there is no chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


class Page:
    """The calculator's page in a context of its own, which notes what the console says and what is asked for."""

    def __init__(self, browser: Any, url: str, **context: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
        self.page = self.context.new_page()
        self.console: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.set_default_timeout(10_000)
        self.page.goto(url)
        self.text = self.page.get_by_role("textbox", name="Your message")
        self.settled("")

    def settled(self, text: str | None = None) -> None:
        """Wait until what is drawn is about the text (by default the one that stands there), and in view is drawn."""
        wanted = self.text.input_value() if text is None else text
        self.page.wait_for_function(SETTLED, arg=wanted)

    def fill(self, text: str) -> None:
        """Put a text there as a paste would, and wait for the answer."""
        self.text.fill(text)
        self.settled()

    def button(self, name: str) -> Any:
        """The button of a name, whole."""
        return self.page.get_by_role("button", name=name, exact=True)

    def shows(self, name: str, value: str) -> None:
        """Wait until a figure of the summary has the value."""
        self.page.locator(f"#{name}:text-is('{value}')").wait_for()

    def figure(self, name: str) -> str:
        """A figure of the summary."""
        return str(self.page.locator(f"#{name}").inner_text())

    def drawn(self) -> list[str]:
        """The text of each segment as it is drawn."""
        return [str(text) for text in self.page.locator("#segments .drawn").all_inner_texts()]

    def cells(self, kind: str) -> list[str]:
        """The cells of a class."""
        return [str(text) for text in self.page.locator(f"#segments .cell.{kind}").all_inner_texts()]
