"""axe-core, an independent judge of accessibility, finds nothing on the page (``npm install axe-core``).

Reference: WCAG 2.2, levels A and AA
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from smscodec._loopback import LoopbackServer
from tests.calculator.browsing import Page
from tests.judges import missing

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """rules => axe.run(document, {runOnly: {type: 'tag', values: rules}}).then(found => found.violations.map(
  ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`))"""
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "390 pixels": {"viewport": {"width": 390, "height": 844}},
    "right to left": {},
}
TEXTS = [
    "",
    "Don’t — {it} 5 € ж 😀 \u202e [x] " * 4,
    "مرحبا! طلبك رقم 4711 " * 8 + "’",
    "\u200b" * 10 + "a" * 125 + "👨‍👩‍👧‍👦",
]


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, wherever npm has put it."""
    folder = os.environ.get("SMSCODEC_NODE_MODULES")
    script = Path(folder or ".") / "node_modules" / "axe-core" / "axe.min.js"
    if folder is None or not script.is_file():
        missing("axe-core", "npm install --prefix DIRECTORY axe-core; SMSCODEC_NODE_MODULES=DIRECTORY")
    return script.read_text(encoding="utf-8")


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(browser: Any, server: LoopbackServer, axe: str, look: str) -> None:
    """With and without a message, and with each explanation open, axe has nothing to report; a fault it does."""
    page = Page(browser, server.url, **LOOKS[look])
    if look == "right to left":
        page.page.evaluate("() => { document.documentElement.dir = 'rtl'; }")
    page.page.evaluate(axe)
    page.page.get_by_label("Price per segment").fill("0.0075")
    for text in TEXTS:
        page.fill(text)
        assert page.page.evaluate(RUN, RULES) == []
    page.page.get_by_text("National languages").click()
    for term in page.page.locator(".term").all():
        term.click()
        assert page.page.evaluate(RUN, RULES) == []
        page.page.keyboard.press("Escape")
    page.page.evaluate("() => { document.documentElement.lang = ''; }")
    assert page.page.evaluate(RUN, RULES) == ["html-has-lang: html"]  # it does judge
    page.context.close()
