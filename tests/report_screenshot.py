"""``python -m tests.report_screenshot`` takes the documentation's picture of a report: docs/pictures/report.png."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bulk_files import csv_of, written
from tests.calculator.browsing import chromium
from tests.command_line import run

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "pictures" / "report.png"
COUNTRIES = ("GB", "DE", "GB", "ES", "FR", "GB", "PL")
PRICES = b"country;price\nGB;0,0365 EUR\nDE;0,0750 EUR\nES;0,0489 EUR\nFR;0,0650 EUR\nPL;0,0290 EUR\n"


def report(folder: Path) -> Path:
    """The report on the sample's messages, as if they had gone to a few countries."""
    texts = (ROOT / "benchmarks" / "sample.txt").read_text(encoding="utf-8").splitlines()
    rows = [["country", "message"], *([COUNTRIES[at % len(COUNTRIES)], text] for at, text in enumerate(texts))]
    prices, page = written(folder, "prices.csv", PRICES), folder / "report.html"
    options = ["--column", "message", "--by", "country", "--prices", prices, "--report", str(page)]
    outcome = run("bulk", *options, written(folder, "spring.csv", csv_of(rows)))
    assert (outcome.status, outcome.err) == (0, "")
    return page


def main() -> None:
    """Show the report in Chromium, and take the picture of its first screens."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 1480})
        page.goto(report(Path(folder)).as_uri())
        page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
