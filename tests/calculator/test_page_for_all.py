"""The page is for everyone: keyboard, screen readers, dark and light, either direction, small screens, and no server.

Reference: WCAG 2.2, 1.4.3 (contrast), 1.4.10 (reflow), 2.1.1 (keyboard), 4.1.2 (name, role, value)
"""

from __future__ import annotations

from typing import Any

import pytest

from smscodec._loopback import LoopbackServer
from smscodec.calculator import calculator_server
from tests.calculator.browsing import Page

# The contrast of each text with what is behind it, for all elements that show text of their own.
CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data); };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = element => { for (let at = element; at; at = at.parentElement) {
    const colour = rgba(getComputedStyle(at).backgroundColor); if (colour[3] === 255) return colour; }
    return [255, 255, 255]; };
  return Array.from(document.querySelectorAll('body *'))
    .filter(e => Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility())
    .map(e => { const [a, b] = [light(rgba(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      return [(a + .05) / (b + .05), `${e.tagName} ${e.className} ${e.textContent.slice(0, 30)}`]; });
}"""

# Every control and its accessible name, as far as it is made by labels and text.
NAMES = """() => Array.from(document.querySelectorAll('button, input, select, textarea, summary, [role=button], a'))
  .filter(e => e.checkVisibility())
  .map(e => e.getAttribute('aria-label') || Array.from(e.labels ?? []).map(l => l.textContent).join(' ')
    || e.textContent)"""

EVERYTHING = "Don’t — {it} 5 € ж 😀 \u202e [x]"


def focused(page: Page) -> str:
    """What has the focus: its id, or the start of its text."""
    return str(page.page.evaluate("document.activeElement.id || document.activeElement.textContent.slice(0, 20)"))


def test_the_keyboard_is_enough(browser: Any, server: LoopbackServer) -> None:
    """Tab goes from the text to the buttons and to the marked characters, where arrow keys go on and Enter replaces."""
    page = Page(browser, server.url)
    page.text.focus()
    page.page.keyboard.type("It’s — it’s")
    page.settled("It’s — it’s")
    order = []
    while "replaceable" not in str(page.page.evaluate("document.activeElement.className")):
        page.page.keyboard.press("Tab")
        order.append(focused(page))
        assert len(order) < 25
    assert order[:3] == ["copy-text", "copy-summary", "clear"]
    assert {"price", "currency", "recipients"} <= set(order)
    page.page.keyboard.press("ArrowRight")
    assert focused(page) == "—"
    assert page.page.locator("#segments [tabindex='0']").count() == 1
    page.page.keyboard.press("Enter")
    page.settled("It’s - it’s")
    page.page.wait_for_function("() => document.activeElement.dataset.change === '1'")
    assert page.page.locator("#segments [tabindex='0']").inner_text() == "’"
    page.page.keyboard.press("Enter")
    page.settled("It’s - it's")
    page.page.wait_for_function("() => document.activeElement.dataset.change === '0'")
    page.page.keyboard.press("Enter")
    page.settled("It's - it's")
    page.page.wait_for_function("() => document.activeElement.id === 'text'")
    page.context.close()


def test_the_keyboard_stays_in_the_list(browser: Any, server: LoopbackServer) -> None:
    """Replacing a row goes on at the first row that is left with a button, and after the last one at the text."""
    page = Page(browser, server.url)
    page.fill("ж It’s —")
    page.page.locator("#characters button").first.focus()
    page.page.keyboard.press("Enter")
    page.settled("ж It's —")
    assert focused(page).startswith("Replace → -")
    page.page.keyboard.press("Enter")
    page.settled("ж It's -")
    assert focused(page) == "text"
    page.context.close()


def test_focus_is_seen(browser: Any, server: LoopbackServer) -> None:
    """Whatever has the focus by the keyboard has an outline."""
    page = Page(browser, server.url)
    page.fill(EVERYTHING)
    page.text.focus()
    seen = []
    page.page.keyboard.press("Tab")
    while page.page.evaluate("document.activeElement !== document.body"):
        seen.append(focused(page))
        assert page.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", seen
        page.page.keyboard.press("Tab")
    assert {"segments-word", "price", "currency", "boundary"} <= set(seen)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_schemes(browser: Any, server: LoopbackServer, scheme: str) -> None:
    """In light and in dark, all text stands out from what is behind it by 4.5 to 1."""
    page = Page(browser, server.url, color_scheme=scheme)
    dark = sum(page.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")) < 300
    assert dark == (scheme == "dark")
    for text in ("", EVERYTHING, "[€]"):
        page.fill(text)
        found = page.page.evaluate(CONTRAST)
        assert len(found) > 15
        assert [entry for entry in found if entry[0] < 4.5] == []
    page.context.close()


def test_everything_has_a_name(browser: Any, server: LoopbackServer) -> None:
    """Every control has an accessible name, the landmarks and headings are there, and the summary is told politely."""
    page = Page(browser, server.url)
    page.fill(EVERYTHING)
    page.page.get_by_text("National languages").click()
    names = page.page.evaluate(NAMES)
    assert len(names) > 25
    assert [name for name in names if not name.strip()] == []
    for role in ("banner", "main"):
        assert page.page.get_by_role(role).count() == 1
    for name in ("Your message", "Summary", "Special characters", "Segments", "Options"):
        assert page.page.get_by_role("region", name=name, exact=True).count() == 1
        assert page.page.get_by_role("heading", name=name, exact=True).count() == 1
    assert page.page.get_by_role("combobox", name="Currency", exact=True).count() == 1
    live = page.page.locator("#live")
    assert live.get_attribute("aria-live") == "polite"
    page.page.get_by_text("1 segment, 26 characters, UCS-2, ").wait_for(state="attached")
    page.context.close()


@pytest.mark.parametrize("touch", [False, True], ids=["keyboard", "touch"])
def test_terms_have_their_explanation(browser: Any, server: LoopbackServer, touch: bool) -> None:
    """Each term opens a line that explains it by Enter or a tap, within the screen, and Escape or a tap closes it."""
    page = Page(browser, server.url, viewport={"width": 390, "height": 844}, has_touch=touch)
    page.fill(EVERYTHING)
    terms = page.page.locator(".term").all()
    assert len(terms) > 4
    for term in terms:
        about = page.page.locator(f"#{term.get_attribute('popovertarget')}")
        assert not about.is_visible()
        if touch:
            term.tap()
        else:
            term.press("Enter")
        assert about.is_visible()
        box = about.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        if touch:
            page.page.locator("h1").tap(force=True)
        else:
            page.page.keyboard.press("Escape")
        assert not about.is_visible()
    page.context.close()


@pytest.mark.parametrize("text", ["مرحبا بك في المتجر", "שלום לכולם", "آپ کا آرڈر تیار ہے"])
def test_right_to_left_text_runs_right_to_left(browser: Any, server: LoopbackServer, text: str) -> None:
    """Text and drawing begin at the right, and cells leave joined letters as wide as the text without cells."""
    page = Page(browser, server.url)
    page.fill(text)
    assert page.drawn() == [text]
    width = """element => { const range = document.createRange(); range.selectNodeContents(element);
      return [range.getBoundingClientRect().width, getComputedStyle(element).direction]; }"""
    drawn = page.page.locator("#segments .drawn")
    with_cells, direction = drawn.evaluate(width)
    assert direction == page.text.evaluate("element => getComputedStyle(element).direction") == "rtl"
    drawn.evaluate("element => { element.textContent = element.textContent; }")
    without, _ = drawn.evaluate(width)
    assert abs(with_cells - without) < 1
    page.context.close()


def test_escapes_run_left_to_right_everywhere(browser: Any, server: LoopbackServer) -> None:
    """The backslash of an escape is at its left in Arabic text too."""
    page = Page(browser, server.url)
    page.fill("مرحبا\u202e بك")
    escape = page.page.locator("#segments .cell.shown")
    assert escape.inner_text() == "\\u202e"
    edges = """element => [0, 5].map(at => { const range = document.createRange();
      range.setStart(element.firstChild, at); range.setEnd(element.firstChild, at + 1);
      return range.getBoundingClientRect().left; })"""
    first, last = escape.evaluate(edges)
    assert first < last
    page.context.close()


def test_a_narrow_screen_needs_no_sideways_scrolling(browser: Any, server: LoopbackServer) -> None:
    """At 320 CSS pixels everything is there without a horizontal scroll bar, whatever the text."""
    page = Page(browser, server.url, viewport={"width": 320, "height": 700})
    for text in ("", EVERYTHING, "a" * 500, "\u202e" * 50, "ж" * 300):
        page.fill(text)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


def test_names_are_not_broken_on_a_narrow_screen(browser: Any, server: LoopbackServer) -> None:
    """At 320 CSS pixels no word of a character's name is broken, and its button is below it."""
    page = Page(browser, server.url, viewport={"width": 320, "height": 700})
    page.fill("Don’t wait… «go»")
    words = """() => Array.from(document.querySelectorAll('#characters .name')).flatMap(name => {
      const range = document.createRange();
      return Array.from(name.firstChild.data.matchAll(/\\S+/g)).map(({ 0: word, index }) => {
        range.setStart(name.firstChild, index); range.setEnd(name.firstChild, index + word.length);
        return [word, range.getClientRects().length]; }); })"""
    found = page.page.evaluate(words)
    assert len(found) > 8
    assert [word for word, lines in found if lines > 1] == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_the_ticks(browser: Any, server: LoopbackServer, scheme: str) -> None:
    """In the colours that a system forces on pages, ticks are there, and those of expensive characters differ."""
    page = Page(browser, server.url, forced_colors="active", color_scheme=scheme)
    page.fill("aж’😀")
    backgrounds = page.page.locator("#segments .cell").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell).backgroundImage)"
    )
    assert len(backgrounds) == 4
    assert all(image.startswith("linear-gradient") for image in backgrounds)
    assert len(set(backgrounds[:2])) == 2
    assert [entry for entry in page.page.evaluate(CONTRAST) if entry[0] < 4.5] == []
    page.context.close()


def test_reduced_motion_is_respected(browser: Any, server: LoopbackServer) -> None:
    """Who asks for less motion gets none."""
    durations = "Array.from(document.querySelectorAll('*')).map(e => getComputedStyle(e).transitionDuration)"
    page = Page(browser, server.url, reduced_motion="reduce")
    assert set(page.page.evaluate(durations)) == {"0s"}
    page.context.close()


def test_the_page_outlives_its_server(browser: Any) -> None:
    """When the server goes the page says so and keeps the text, and when it is back the page goes on by itself."""
    first = calculator_server(0)
    port = first.port
    first.start()
    page = Page(browser, first.url)
    page.fill("abc")
    first.close()
    page.text.fill("abcd")
    alert = page.page.get_by_role("alert").filter(has_text=f"smscodec serve --port {port}")
    alert.wait_for()
    assert page.text.input_value() == "abcd"
    assert page.drawn() == ["abc"]
    second = calculator_server(port)
    second.start()
    try:
        page.button("Try again now").click()
        page.settled("abcd")
        alert.wait_for(state="hidden")
        assert page.figure("units") == "4"
    finally:
        second.close()
        page.context.close()
