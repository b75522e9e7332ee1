"""``python -m tests.calculator.screenshot`` takes the documentation's picture: docs/pictures/calculator.png."""

from __future__ import annotations

from pathlib import Path

from tests.calculator.asking import calculator
from tests.calculator.browsing import Page, chromium

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "calculator.png"
TEXT = "Don’t miss it — our summer sale ends on Friday at midnight… everything must go!"


def main() -> None:
    """Type a message that three characters make expensive, and a price, and take the picture."""
    with calculator() as server, chromium() as browser:
        page = Page(browser, server.url, viewport={"width": 1180, "height": 844})
        page.page.get_by_label("Price per segment").fill("0.0075")
        page.page.get_by_label("Currency").select_option("EUR")
        page.page.get_by_label("Recipients").fill("2500")
        page.fill(TEXT)
        page.shows("cost", "€37.50")
        page.text.evaluate("element => element.blur()")
        page.page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
