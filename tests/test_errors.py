"""The error tree: bases, fields, texts, and that every error survives pickle and deepcopy."""

from __future__ import annotations

import copy
import pickle

import pytest

from smscodec import errors
from smscodec.errors import (
    DecodeError,
    FieldError,
    MissingExtraError,
    SegmentationError,
    SmsCodecError,
    UndecodableError,
    UnencodableError,
)
from tests.rows import each_row

FIELDS = {
    SmsCodecError: (),
    FieldError: ("field",),
    UnencodableError: ("encoding", "object", "start", "end", "reason"),
    SegmentationError: ("segments",),
    DecodeError: ("field", "offset"),
    UndecodableError: ("encoding", "object", "start", "end", "reason", "field", "offset"),
    MissingExtraError: ("extra",),
}
EXAMPLES = [
    SmsCodecError("something"),
    FieldError("reference", "300 is outside 0 to 255"),
    UnencodableError("gsm0338", "a\U0001f600", 1, 2, "not in the default alphabet"),
    SegmentationError("no room for text"),
    SegmentationError("too long", 256),
    DecodeError("ud.udh.ie", 4, "runs past the header"),
    UndecodableError("gsm0338", b"a\x1ba", 1, 3, "undefined escape"),
    MissingExtraError("grapheme", "boundary='grapheme'"),
    FieldError(message="300 is outside 0 to 255", field="reference"),
    SegmentationError(segments=256, message="too long"),
    DecodeError(message="runs past the header", offset=4, field="ud.udh.ie"),
    MissingExtraError(feature="boundary='grapheme'", extra="grapheme"),
]
"""Made in every way that a caller may make them: by position, by name, without what may be left out."""


def example_ids(example: SmsCodecError) -> str:
    """Name a parametrised test after the class of its example."""
    return type(example).__name__


def test_every_public_error_is_tested_here() -> None:
    """An error that is added to the tree needs an example in this file."""
    public = {getattr(errors, name) for name in errors.__all__}
    assert public == set(FIELDS)
    assert public == {type(example) for example in EXAMPLES}


@pytest.mark.parametrize(
    ("error", "bases"),
    [
        (FieldError, (SmsCodecError, ValueError)),
        (UnencodableError, (SmsCodecError, UnicodeEncodeError)),
        (SegmentationError, (SmsCodecError, ValueError)),
        (DecodeError, (SmsCodecError, ValueError)),
        (UndecodableError, (DecodeError, UnicodeDecodeError)),
        (MissingExtraError, (SmsCodecError, ImportError)),
    ],
)
def test_the_tree(error: type[SmsCodecError], bases: tuple[type, ...]) -> None:
    """Each error is a SmsCodecError and the standard error that callers would expect."""
    assert issubclass(error, bases[0])
    assert issubclass(error, bases[1])


def described(error: SmsCodecError) -> tuple[object, ...]:
    """Everything by which a caller can tell errors apart."""
    fields = tuple(getattr(error, name) for name in FIELDS[type(error)])
    return type(error), str(error), error.args, fields


@each_row("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@each_row("error", EXAMPLES)
def test_errors_survive_pickle(error: SmsCodecError, protocol: int) -> None:
    """An error that went through pickle has its class, text and fields: Spark and multiprocessing send errors so."""
    assert described(error) == described(pickle.loads(pickle.dumps(error, protocol)))


@pytest.mark.parametrize("error", EXAMPLES, ids=example_ids)
def test_errors_survive_copying(error: SmsCodecError) -> None:
    """Shallow and deep copies have the class, text and fields of the original."""
    assert described(error) == described(copy.copy(error))
    assert described(error) == described(copy.deepcopy(error))


def test_field_error_names_the_field() -> None:
    """Field and fault are both in the text."""
    error = FieldError("reference", "300 is outside 0 to 255")
    assert error.field == "reference"
    assert "reference" in str(error)
    assert "300 is outside 0 to 255" in str(error)


def test_decode_error_names_the_place() -> None:
    """Field, offset and fault are all in the text."""
    error = DecodeError("ud.udh.ie", 4, "runs past the header")
    assert (error.field, error.offset) == ("ud.udh.ie", 4)
    for part in ("ud.udh.ie", "4", "runs past the header"):
        assert part in str(error)


def test_undecodable_error_is_both_errors_at_once() -> None:
    """It names the range of octets as UnicodeDecodeError does, and the place as DecodeError does."""
    error = UndecodableError("gsm0338", b"a\x1ba", 1, 3, "undefined escape")
    assert (error.object, error.start, error.end, error.reason) == (b"a\x1ba", 1, 3, "undefined escape")
    assert (error.field, error.offset) == ("text", 1)
    assert "undefined escape" in str(error)


def test_undecodable_error_offset_follows_start() -> None:
    """An error handler may move ``start``; ``offset`` cannot contradict it."""
    error = UndecodableError("gsm0338", b"aaaa\x1ba", 4, 6, "undefined escape")
    error.start = 2
    assert error.offset == 2


def test_unencodable_error_has_what_error_handlers_need() -> None:
    """Object, range and reason are those of UnicodeEncodeError, and its text names the position."""
    error = UnencodableError("gsm0338", "aж", 1, 2, "not in the default alphabet")
    assert (error.object, error.start, error.end, error.reason) == ("aж", 1, 2, "not in the default alphabet")
    assert "position 1" in str(error)


@each_row("start", range(3))
def test_unencodable_error_over_the_first_of_a_run(start: int) -> None:
    """Of the range that Python names, the error names the first character alone, with our words."""
    python = UnicodeEncodeError("charmap", "жжжж", start, 4, "character maps to <undefined>")
    error = UnencodableError.over_first(python, "gsm0338", "no code")
    assert error.args == ("gsm0338", "жжжж", start, start + 1, "no code")
    assert (error.start, error.end) == (start, start + 1)


def test_segmentation_error_counts_where_it_can() -> None:
    """``segments`` is the number needed, or None where no number would do."""
    assert SegmentationError("too long", 256).segments == 256
    assert SegmentationError("no room for text").segments is None


def test_missing_extra_error_says_what_to_install() -> None:
    """The text names the feature and the extra that brings it."""
    error = MissingExtraError("grapheme", "boundary='grapheme'")
    assert error.extra == "grapheme"
    assert "smscodec[grapheme]" in str(error)
    assert "boundary='grapheme'" in str(error)
