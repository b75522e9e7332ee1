"""The report of ``smscodec bulk`` in Chromium: it fetches nothing, says nothing on the console, and fits any screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.report_screenshot import report


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1000])
def test_the_report_in_a_browser(browser: Any, scheme: str, width: int, tmp_path: Path) -> None:
    """Nothing but the page is asked for, the page is no wider than the screen, and the scheme is the reader's."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        address = report(tmp_path).as_uri()
        page.goto(address)
        assert (said, asked) == ([], [address])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")
        assert page.get_by_role("heading", name="By country").is_visible()
        assert page.get_by_text("DE", exact=True).bounding_box()["height"] < 40
    finally:
        context.close()
