"""The page does in a browser what it says: typing, replacing, copying, languages, keyboard, and nothing else runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from smscodec import measure, segment, transliterate
from smscodec._loopback import LoopbackServer
from smscodec.transliteration import Stage, remedies
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
    assert "66 of 67 units" in page.page.locator("#segments li").first.inner_text()


TURKISH = "Önümüzdeki salı günü saat dokuzda şubemizde görüşmek üzere; şimdiden teşekkür ederiz."
FAMILY = "Dinner is at eight tonight 👨‍👩‍👧‍👦, and we have kept the seat by the fire 🎉 for all of you."
FIXES = [
    ("Use the Turkish table", TURKISH, TURKISH, "Turkish locking shift"),
    ("Plain quotation marks, dashes and spaces", QUOTES, transliterate(QUOTES), "alphabet"),
    ("Letters without accents, and what looks alike", "ő" * 71, "ö" * 71, "alphabet"),
    ("Leave out the emoji", FAMILY, transliterate(FAMILY, through=Stage.EMOJI), "alphabet"),
]


@pytest.mark.parametrize(("title", "text", "after", "tables"), FIXES, ids=[fix[0] for fix in FIXES])
def test_a_fix_is_a_click_and_so_is_taking_it_back(page: Page, title: str, text: str, after: str, tables: str) -> None:
    """What would save is offered with what it saves, a click makes the change, and another takes it back whole."""
    page.page.get_by_label("Price per segment").fill("0.05")
    page.fill(text)
    assert (page.figure("segments-count"), page.figure("tables")) == ("2", "alphabet")
    offer = page.page.locator("#remedies li", has_text=title)
    assert "Then 1 segment, 0.10 → 0.05." in offer.inner_text()
    page.button(f"{title}: save 1 segment").click()
    page.shows("segments-count", "1")
    assert page.text.input_value() == after
    assert page.figure("tables") == tables
    assert page.page.locator("#remedies-card").is_hidden()
    page.button("Undo").click()
    page.shows("segments-count", "2")
    assert page.text.input_value() == text
    assert page.figure("languages-chosen") == "none"


def test_fixes_are_offered_with_the_least_harmful_first(page: Page) -> None:
    """The offers are the remedies of the core in their order, and the first is the one that stands out."""
    text = "\u200b" * 10 + "a" * 125 + "😀"
    page.fill(text)
    found = remedies(text)
    assert len(found) > 1
    buttons = page.page.locator("#remedies button")
    assert [button.split()[1] for button in buttons.all_inner_texts()] == [str(one.saves) for one in found]
    assert page.page.locator("#remedies .primary").count() == 1
    assert "primary" in str(buttons.first.get_attribute("class"))


def test_only_what_saves_is_offered(page: Page) -> None:
    """A single segment, and a long text that nothing shortens, get no offer and a word that says so."""
    for text, word in (
        ("It’s late", "The message is a single segment already."),
        ("ж" * 71, "Nothing would save a segment."),
    ):
        page.fill(text)
        assert page.page.locator("#remedies-card").is_hidden()
        assert word in page.figure("characters-why")


def test_nothing_typed_is_no_segment(page: Page) -> None:
    """An empty page has 0 segments and 0 characters and costs nothing, whatever the price."""
    page.page.get_by_label("Price per segment").fill("0.05")
    page.fill("a")
    assert (page.figure("segments-count"), page.figure("cost")) == ("1", "0.05")
    page.button("Clear").click()
    page.shows("segments-count", "0")
    assert (page.figure("segments-word"), page.figure("characters-count")) == ("segments", "0")
    assert page.page.locator("#cost-figure").is_hidden()


def test_characters_are_counted_as_people_see_them(page: Page) -> None:
    """A family, a flag, a letter with its accent and a syllable are one character each, whatever units they take."""
    page.fill("👨‍👩‍👧‍👦🇩🇪e\u0301नि")
    assert (page.figure("characters-count"), page.figure("units")) == ("4", str(11 + 4 + 2 + 2))
    names = page.page.locator("#characters .name").all_inner_texts()
    assert any("Man + woman + girl + boy" in name and "counts as 11" in name for name in names)
    assert any("Flag DE" in name for name in names)


@pytest.mark.parametrize("text", ["👨‍👩‍👧‍👦", "👩🏽‍🚒", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪", "😀", "स्त्री"])
def test_ticks_are_seen_however_many_there_are(page: Page, text: str) -> None:
    """Under a character of many units each of its ticks is two pixels wide or more, and apart from the next."""
    page.fill(text)
    for cell in page.page.locator("#segments .cell").all():
        ticks = int(cell.evaluate("cell => getComputedStyle(cell).getPropertyValue('--n')"))
        assert cell.bounding_box()["width"] / ticks >= 3
        assert "35%" in cell.evaluate("cell => getComputedStyle(cell).backgroundImage")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Ваш заказ готов", "Cyrillic, 13 characters"),
        ("नमस्ते! आपका", "Devanagari, 7 characters"),
        ("مرحبا بك", "Arabic, 7 characters"),
    ],
)
def test_another_script_is_one_line(page: Page, text: str, script: str) -> None:
    """The letters of a script that nothing replaces are not listed one by one."""
    page.fill(text)
    assert page.page.locator("#characters li .name").all_inner_texts() == [script]


def test_more_than_ten_segments_get_a_warning(page: Page) -> None:
    """Ten segments go without a word, and eleven are said to be many, in the summary that is copied too."""
    page.fill("a" * 1530)
    assert page.figure("segments-count") == "10"
    assert page.page.locator("#warning").is_hidden()
    page.fill("a" * 1531)
    assert page.figure("segments-count") == "11"
    assert "each recipient is billed for 11" in page.figure("warning")
    page.page.get_by_text("11 segments, 1,531 characters, ").wait_for(state="attached")


@pytest.mark.parametrize(
    ("price", "recipients", "currency", "total"),
    [
        ("0.0075", "2500", "EUR", "€18.75"),
        ("0,0079", "200,000", "USD", "$1,580.00"),
        ("€0.05", "1 000", "", "50.00"),
        ("3", "2.000.000", "JPY", "¥6,000,000"),
        ("0.000000001", "1", "CHF", "CHF 0.000000001"),
        ("0.123456789", "999999999", "EUR", "€123,456,788.876543211"),
    ],
)
def test_money_in_a_currency(page: Page, price: str, recipients: str, currency: str, total: str) -> None:
    """Price and recipients may be written as people write them, and the total is exact, in the currency chosen."""
    page.page.get_by_label("Price per segment").fill(price)
    page.page.get_by_label("Recipients").fill(recipients)
    page.page.get_by_label("Currency").select_option(currency)
    page.fill("Meet me at 5")
    assert page.figure("cost").replace("\u00a0", " ") == total


@pytest.mark.parametrize(
    ("button", "after"),
    [("Plain quotation marks, dashes and spaces: save 1 segment", transliterate(QUOTES)), ("Clear", "")],
    ids=["replacing", "clearing"],
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
    page.page.get_by_label("Turkish", exact=True).check()
    page.page.get_by_label("Reference of long messages").select_option("wide")
    page.page.get_by_label("Recipients").fill("3")
    page.page.get_by_label("Price per segment").fill("0.5")
    page.page.get_by_label("Currency").select_option("EUR")
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
    assert page.figure("cost") == "€3.00"
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
    row = page.page.locator("#characters li", has_text="Right single quotation mark")
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
    allowed.page.get_by_label("Currency").select_option("GBP")
    allowed.fill(transliterate(QUOTES))
    allowed.button("Copy text").click()
    allowed.page.get_by_text("Text copied").wait_for()
    assert allowed.page.evaluate(read) == transliterate(QUOTES)
    allowed.button("Copy summary").click()
    allowed.page.get_by_text("Summary copied").wait_for()
    expected = (
        "1 segment, 81 characters, GSM 7-bit, 81 units, 79 left in this segment, costs £7.50 for 1,000 recipients"
    )
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
    page.page.locator("#characters button").click()
    page.settled(text + "'")
    assert page.page.locator("script, img").count() <= before
    assert page.page.locator("#segments script, #segments img, #characters script").count() == 0


def test_characters_that_hide_or_act_are_escapes(page: Page) -> None:
    """An override, a zero-width space and a control are shown as what they are and turn nothing around."""
    page.fill("a\u202eb\u200bc\x1bd\nе")
    assert page.drawn() == ["a\\u202eb\\u200bc\\x1bd↵\nе"]
    assert "Right-to-left override" in page.page.locator("#characters").inner_text()


def test_languages_are_offered_and_used_where_they_pay(page: Page) -> None:
    """Ticking a language measures anew, and its table is named and drawn in the header."""
    page.fill(TURKISH)
    assert page.figure("segments-count") == "2"
    page.page.get_by_text("National languages").click()
    page.page.get_by_label("Turkish", exact=True).check()
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
    page.page.get_by_text("for 3 recipients, 0.20 each").wait_for()
    assert page.figure("cost") == "0.60"
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
