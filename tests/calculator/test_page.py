"""The page does in a browser what it says: typing, replacing, copying, languages, keyboard, and nothing else runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from smscodec import measure, segment, transliterate
from smscodec._loopback import LoopbackServer
from tests.calculator.browsing import Page

QUOTES = "Don’t miss it — our summer sale ends on Friday at midnight… everything must go!"


@pytest.fixture
def page(browser: Any, server: LoopbackServer) -> Iterator[Page]:
    """The page, freshly opened; it must say nothing on the console and ask nobody else for anything."""
    opened = Page(browser, server.url)
    try:
        yield opened
        assert opened.console == []
        assert set(opened.requests) <= {f"{server.url}/", f"{server.url}/api/measure"}
    finally:
        opened.context.close()


def test_typing_measures_and_draws(page: Page) -> None:
    """What is typed is measured as it is typed, and drawn in the segments that the core makes."""
    text = "Meet me at [5] for 10 €. " * 8
    page.text.press_sequentially(text)
    page.settled(text)
    found = measure(text)
    assert page.figure("segments-count") == str(found.segments)
    assert page.figure("units") == str(found.units)
    assert page.figure("remaining") == str(found.remaining)
    assert page.figure("alphabet") == "GSM 7-bit"
    assert page.drawn() == [part.text for part in segment(text)]
    assert set(page.cells("escape")) == {"[", "]", "€"}
    assert page.page.locator("#segments .udh code").all_inner_texts() == ["05 00 03 00 02 01", "05 00 03 00 02 02"]


def test_every_character_stands_on_its_units(page: Page) -> None:
    """The ticks under all cells of a segment add up to its units, clusters of several characters included."""
    text = "жé e\u0301 👨‍👩‍👧 🇩🇪 😀"
    page.fill(text)
    ticks = page.page.locator("#segments .cell").evaluate_all(
        "cells => cells.map(cell => Number(getComputedStyle(cell).getPropertyValue('--n')))"
    )
    assert sum(ticks) == measure(text).units
    assert {"👨‍👩‍👧", "🇩🇪", "e\u0301"} <= set(page.page.locator("#segments .cell").all_inner_texts())


def test_an_emoji_at_the_boundary_moves_whole(page: Page) -> None:
    """A surrogate pair that does not fit any more opens the next segment, and is marked as a pair there."""
    page.fill("ж" * 66 + "😀" + "ж" * 10)
    assert page.drawn() == ["ж" * 66, "😀" + "ж" * 10]
    assert page.cells("surrogate") == ["😀"]
    assert "66 of 67 code units" in page.page.locator("#segments li").first.inner_text()


def test_one_click_replaces_all(page: Page) -> None:
    """All of them are replaced at once, the saving is said before, and one click takes it back."""
    page.fill(QUOTES)
    assert page.figure("segments-count") == "2"
    assert "saves 1 segment" in page.page.locator("#replace-offer").inner_text()
    page.button("Replace all").click()
    page.settled(transliterate(QUOTES))
    assert page.text.input_value() == transliterate(QUOTES)
    assert page.figure("segments-count") == "1"
    page.button("Undo replacing").click()
    page.settled(QUOTES)
    assert page.text.input_value() == QUOTES


@pytest.mark.parametrize(
    ("button", "after"), [("Replace all", transliterate(QUOTES)), ("Clear", "")], ids=["replacing", "clearing"]
)
def test_the_keys_of_undoing_take_back_what_a_click_did(page: Page, button: str, after: str) -> None:
    """Ctrl+Z brings back what was replaced or cleared, and then what was typed is the browser's to undo again."""
    page.fill(QUOTES)
    page.button(button).click()
    page.settled(after)
    page.page.keyboard.press("Control+z")
    page.settled(QUOTES)
    assert page.text.input_value() == QUOTES
    page.page.keyboard.type("ab")
    page.settled(QUOTES + "ab")
    page.page.keyboard.press("Control+z")
    page.page.wait_for_function("text => document.getElementById('text').value !== text", arg=QUOTES + "ab")
    assert page.text.input_value().startswith(QUOTES)


def test_the_keys_of_undoing_work_where_the_mark_was(page: Page) -> None:
    """After a click on a marked character Ctrl+Z undoes the replacement, though the text has not the focus."""
    page.fill("It’s — it’s")
    page.page.locator("#segments .replaceable").first.click()
    page.settled("It's — it’s")
    page.page.wait_for_function("() => document.activeElement.dataset.change === '0'")
    page.page.keyboard.press("Control+z")
    page.settled("It’s — it’s")
    assert page.text.input_value() == "It’s — it’s"


@pytest.mark.parametrize("left", [False, True], ids=["reloaded", "left and come back"])
def test_who_comes_back_finds_the_page_as_it_was(page: Page, left: bool) -> None:
    """Text and options outlive a reload and the way back at once, and are measured anew."""
    page.page.get_by_text("National languages").click()
    page.page.get_by_label("Turkish").check()
    page.page.get_by_label("Reference of long messages").select_option("wide")
    page.page.get_by_label("Recipients").fill("3")
    page.page.get_by_label("Price per segment").fill("0.5")
    page.text.fill("ş" * 160)
    if left:
        page.page.goto("about:blank")
        page.page.go_back()
    else:
        page.page.reload()
    page.settled("ş" * 160)
    assert page.text.input_value() == "ş" * 160
    assert page.figure("languages-chosen") == "Turkish"
    assert page.figure("tables") == "Turkish locking shift"
    assert page.figure("cost") == "3.0"
    assert page.page.get_by_label("Reference of long messages").input_value() == "wide"


def test_another_tab_begins_empty(page: Page) -> None:
    """What stands in one tab is not shown in another that is opened by itself."""
    page.fill("Meet me at 5")
    other = page.context.new_page()
    other.goto(page.page.url)
    other.wait_for_function("() => document.body.dataset.about === ''")
    assert other.get_by_role("textbox", name="Your message").input_value() == ""


def test_what_is_typed_is_kept_before_the_page_is_left(page: Page) -> None:
    """A tab that is killed finds its text again: it is kept as soon as it is measured."""
    page.fill("Meet me at 5")
    assert "Meet me at 5" in page.page.evaluate("() => sessionStorage.getItem('fields')")


KEPT_BY_OTHERS = [
    *("no JSON", "null", "{}", "[]", '{"values": {}, "languages": []}', '{"values": {"text": null}}'),
    '{"values": {"boundary": "klingon", "reference": "nonsense"}, "languages": ["Klingon"]}',
    '{"values": {"text": 5, "price": {"a": 1}, "recipients": [1, 2]}, "languages": "Turkish"}',
]


@pytest.mark.parametrize("kept", KEPT_BY_OTHERS)
def test_what_others_kept_under_the_name_is_harmless(page: Page, kept: str) -> None:
    """A page that finds something else where it keeps its fields begins as if it had found nothing."""
    page.page.add_init_script(f"sessionStorage.setItem('fields', {kept!r})")
    page.page.reload()
    page.settled("")
    assert page.text.input_value() == ""
    assert page.page.get_by_label("Price per segment").input_value() == ""
    assert page.page.get_by_label("Recipients").input_value() == "1"
    assert page.page.get_by_label("Cut between").input_value() == "character"
    assert page.figure("languages-chosen") == "none"
    page.fill("Meet me at 5")
    assert page.figure("units") == "12"


def test_an_older_text_does_not_come_back(page: Page) -> None:
    """Where the browser has no room for a text, a reload begins empty, and not with the text before it."""
    page.fill("Meet me at 5")
    refusing = "() => { throw new DOMException('', 'QuotaExceededError') }"
    page.page.evaluate(f"() => {{ Storage.prototype.setItem = {refusing} }}")
    page.fill("Meet me at 6")
    page.page.reload()
    page.settled("")
    assert page.text.input_value() == ""


def test_a_browser_that_forbids_storing_shows_the_page(page: Page) -> None:
    """Where the browser keeps nothing for pages, the page works and begins empty."""
    refusing = "{ get() { throw new DOMException('no', 'SecurityError') } }"
    page.page.add_init_script(f"Object.defineProperty(window, 'sessionStorage', {refusing})")
    page.page.reload()
    page.settled("")
    page.fill("Meet me at 5")
    assert page.figure("units") == "12"


def test_one_kind_is_replaced_in_the_list(page: Page) -> None:
    """The button of a row replaces that character wherever it stands, and leaves the others."""
    page.fill("😀 It’s — it’s")
    row = page.page.locator("#characters li", has_text="RIGHT SINGLE QUOTATION MARK")
    assert "U+2019" in row.inner_text()
    assert "2 times" in row.inner_text()
    row.get_by_role("button").click()
    page.settled("😀 It's — it's")


def test_one_place_is_replaced_in_the_drawing(page: Page) -> None:
    """A click on a marked character replaces it there alone, whatever surrogate pairs stand before it."""
    page.fill("😀 It’s — it’s e\u0301 ’")
    page.page.locator("#segments .replaceable", has_text="’").nth(1).click()
    page.settled("😀 It’s — it's e\u0301 ’")
    page.page.locator("#segments .replaceable", has_text="e\u0301").click()
    page.settled("😀 It’s — it's é ’")


def test_text_and_summary_are_copied(browser: Any, server: LoopbackServer) -> None:
    """The clipboard gets the text as it stands, and a summary in words; where that is forbidden, the page says so."""
    allowed = Page(browser, server.url, permissions=["clipboard-read", "clipboard-write"])
    read = "navigator.clipboard.readText()"
    allowed.page.get_by_label("Price per segment").fill("0,0075")
    allowed.page.get_by_label("Recipients").fill("1000")
    allowed.fill(QUOTES)
    allowed.button("Replace all").click()
    allowed.settled(transliterate(QUOTES))
    allowed.button("Copy text").click()
    allowed.page.get_by_text("Text copied").wait_for()
    assert allowed.page.evaluate(read) == transliterate(QUOTES)
    allowed.button("Copy summary").click()
    allowed.page.get_by_text("Summary copied").wait_for()
    expected = "1 segment, GSM 7-bit, 81 septets, 79 left in this segment, costs 7.5000 for 1,000 recipients"
    assert allowed.page.evaluate(read) == expected
    allowed.context.close()
    forbidden = Page(browser, server.url)
    forbidden.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    forbidden.fill("abc")
    forbidden.button("Copy text").click()
    forbidden.page.get_by_text("The browser does not allow copying").wait_for()
    assert forbidden.page.evaluate("getSelection().toString()") == "abc"
    forbidden.context.close()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&", "</textarea><b>"]
)
def test_markup_stays_text(page: Page, text: str) -> None:
    """A script tag in the text is drawn as the characters that it is, and nothing of it becomes an element."""
    before = page.page.locator("script, img, b").count()
    page.fill(text + "’")
    assert page.drawn() == [text + "’"]
    page.button("Replace all").click()
    page.settled(text + "'")
    assert page.page.locator("script, img").count() <= before
    assert page.page.locator("#segments script, #segments img, #characters script").count() == 0


def test_characters_that_hide_or_act_are_escapes(page: Page) -> None:
    """An override, a zero-width space and a control are shown as what they are and turn nothing around."""
    page.fill("a\u202eb\u200bc\x1bd\nе")
    assert page.drawn() == ["a\\u202eb\\u200bc\\x1bd↵\nе"]
    assert "RIGHT-TO-LEFT OVERRIDE" in page.page.locator("#characters").inner_text()


def test_languages_are_offered_and_used_where_they_pay(page: Page) -> None:
    """Ticking a language measures anew, and its table is named and drawn in the header."""
    text = "Önümüzdeki salı günü saat dokuzda şubemizde görüşmek üzere; şimdiden teşekkür ederiz."
    page.fill(text)
    assert page.figure("segments-count") == "2"
    page.page.get_by_text("National languages").click()
    page.page.get_by_label("Turkish").check()
    page.shows("segments-count", "1")
    assert page.figure("tables") == "Turkish locking shift"
    assert page.page.locator("#segments .udh code").inner_text() == "03 25 01 01"
    page.button("None").click()
    page.shows("segments-count", "2")


def test_reference_boundary_and_cost(page: Page) -> None:
    """A wide reference takes an octet, graphemes stay whole, and the cost is exact."""
    page.fill("a" * 159 + "e" * 2)
    page.page.get_by_label("Reference of long messages").select_option("wide")
    page.page.get_by_text("part 1 of 2, 16-bit reference").wait_for()
    assert page.page.locator("#segments .udh code").first.inner_text() == "06 08 04 00 00 02 01"
    page.page.get_by_label("Price per segment").fill("0.1")
    page.page.get_by_label("Recipients").fill("3")
    page.page.get_by_text("for 3 recipients, 0.2 each").wait_for()
    assert page.figure("cost") == "0.6"
    page.page.get_by_label("Cut between").select_option("grapheme")
    page.fill("ж" * 65 + "👍🏽" + "ж" * 5)
    assert page.drawn() == ["ж" * 65, "👍🏽" + "ж" * 5]


@pytest.mark.parametrize(
    ("label", "wrong", "message"),
    [("Price per segment", "cheap", "price must be"), ("Recipients", "many", "recipients must be")],
)
def test_errors_of_the_interface_are_shown(page: Page, label: str, wrong: str, message: str) -> None:
    """What the server refuses is said at the field that it is about, in sight of it, and goes with its cause."""
    field = page.page.get_by_label(label)
    field.fill(wrong)
    said = page.page.get_by_text(message)
    said.wait_for()
    assert field.get_attribute("aria-describedby") == said.get_attribute("id")
    below = said.bounding_box()["y"] - field.bounding_box()["y"] - field.bounding_box()["height"]
    assert 0 <= below < 100
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("1")
    page.page.get_by_text(message).wait_for(state="hidden")
    assert field.get_attribute("aria-invalid") == "false"
    page.console.clear()  # Chromium itself reports that an answer had status 422


def test_too_long_a_text_is_said_so(page: Page) -> None:
    """More than 255 segments are counted, and the page says that no message has them."""
    page.fill("a" * 39_015 + "")
    assert page.figure("segments-count") == "255"
    page.fill("ж" * 20_000)
    assert page.figure("segments-count") == "299"
    page.page.get_by_text("a message has at most 255").wait_for()


def test_examples_fill_an_empty_page(page: Page) -> None:
    """An empty page offers examples; each draws something, and clearing brings them back."""
    names = page.page.locator("#examples button").all_inner_texts()
    assert len(names) > 5
    for name in names:
        page.button(name).click()
        page.settled()
        assert page.text.input_value()
        assert page.drawn()
        page.button("Clear").click()
        page.settled("")
        assert page.drawn() == []


def test_ten_thousand_characters_are_drawn_as_they_are_seen(page: Page) -> None:
    """All segments of a long text are there, but only those near the view have cells; one more letter redraws one."""
    text = ("Price: 5 € [net] for it’s worth. " * 304)[:10_000]
    page.fill(text)
    segments = measure(text).segments
    assert page.page.locator("#segments > li").count() == segments > 100
    assert 0 < page.page.locator("#segments .cell").count() < 2_000
    assert page.page.locator("body *").count() < 4_000
    kept = "document.querySelectorAll('#segments > li').forEach(item => { item.marked = true; })"
    page.page.evaluate(kept)
    page.fill(text + "!")
    fresh = "Array.from(document.querySelectorAll('#segments > li')).filter(item => !item.marked).length"
    assert page.page.evaluate(fresh) == 1
    page.page.locator("#segments > li").last.scroll_into_view_if_needed()
    page.page.locator("#segments > li").last.locator(".cell").first.wait_for()


def test_stale_answers_are_not_drawn(page: Page) -> None:
    """An answer that comes after the next question was asked is dropped, in whatever order they come."""
    page.page.route("**/api/measure", lambda route: route.continue_())
    for length in range(1, 12):
        page.text.fill("a" * length)
    page.settled("a" * 11)
    assert page.figure("units") == "11"
