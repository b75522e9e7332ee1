"""Every error that smscodec raises, in one tree.

    SmsCodecError
    ├ FieldError(ValueError)                 the caller passed an impossible value; .field
    ├ UnencodableError(UnicodeEncodeError)   .object .start .end .reason
    ├ SegmentationError(ValueError)          will not fit; .segments when counted
    ├ DecodeError(ValueError)                octets from outside; .field, .offset
    │  └ UndecodableError(UnicodeDecodeError)   text from septets or UTF-16, strict
    └ MissingExtraError(ImportError)         an optional extra is not installed; .extra

All of them survive pickle and deepcopy, because Spark and multiprocessing send errors between processes. This module
knows no domain type.
"""

from __future__ import annotations

from typing import Self

__all__ = [
    "DecodeError",
    "FieldError",
    "MissingExtraError",
    "SegmentationError",
    "SmsCodecError",
    "UndecodableError",
    "UnencodableError",
]


class SmsCodecError(Exception):
    """The base of every error of this package.

    >>> from smscodec import segment
    >>> try:
    ...     segment("Hello", header=None)
    ... except SmsCodecError as error:
    ...     print(type(error).__name__, error, sep=" | ")
    FieldError | header: expected a UserDataHeader, got NoneType
    """


class FieldError(SmsCodecError, ValueError):
    """The caller passed a value that the field of that name cannot hold.

    ``field`` is the name of the argument or attribute; ``message`` says what is wrong with the value.

    >>> from smscodec import segment
    >>> try:
    ...     segment("Hello", reference=256)
    ... except FieldError as error:
    ...     print(error.field, error.message, sep=" | ")
    reference | expected a whole number of 0–255, got 256
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(field, message)
        self.field = field
        self.message = message

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class UnencodableError(SmsCodecError, UnicodeEncodeError):
    """A character has no code in the alphabet asked for; ``object[start:end]`` is the first such character.

    >>> from smscodec import segment
    >>> try:
    ...     segment("5 ₽", alphabet="GSM_7BIT")
    ... except UnencodableError as error:
    ...     print(error.start, error.object[error.start : error.end])
    2 ₽
    """

    @classmethod
    def over_first(cls, error: UnicodeEncodeError, encoding: str, reason: str) -> Self:
        """Turn the standard library's error, which spans a run of characters, into ours over the first of them."""
        return cls(encoding, error.object, error.start, error.start + 1, reason)


class SegmentationError(SmsCodecError, ValueError):
    """The text or data does not fit into the segments that a message may have.

    ``segments`` is the number that would be needed, or None where no number would do.

    >>> from smscodec import segment
    >>> try:
    ...     segment("a" * 40_000, reference=7)
    ... except SegmentationError as error:
    ...     print(error.segments, error, sep=" | ")
    262 | 262 segments; a message has at most 255
    """

    def __init__(self, message: str, segments: int | None = None) -> None:
        super().__init__(message, segments)
        self.message = message
        self.segments = segments

    def __str__(self) -> str:
        return self.message


class DecodeError(SmsCodecError, ValueError):
    """Octets from outside break the rules.

    ``field`` names the place as in ``"ud.udh.ie"``; ``offset`` counts octets from the start of what was handed in.

    >>> from smscodec.tpdu import pdu_mode
    >>> try:
    ...     pdu_mode.decode("0001000281")
    ... except DecodeError as error:
    ...     print(error.field, error.offset, error.message, sep=" | ")
    da | 5 | the octets end too soon: 1 needed, 0 left
    """

    def __init__(self, field: str, offset: int, message: str) -> None:
        super().__init__(field, offset, message)
        self.field = field
        self.offset = offset
        self.message = message

    def __str__(self) -> str:
        return f"{self.field} at octet {self.offset}: {self.message}"


class UndecodableError(DecodeError, UnicodeDecodeError):
    """Septets or UTF-16 octets stand for no text; ``object[start:end]`` is the range, ``offset`` equals ``start``.

    >>> from smscodec.gsm7 import decode
    >>> try:
    ...     decode(b"Hi\\x1b")
    ... except UndecodableError as error:
    ...     print(error.offset, error.object[error.start : error.end], error.reason)
    2 b'\\x1b' no character has this code
    """

    def __init__(self, encoding: str, octets: bytes, start: int, end: int, reason: str) -> None:
        UnicodeDecodeError.__init__(self, encoding, octets, start, end, reason)
        self.field = "text"
        self.message = reason

    @property
    def offset(self) -> int:  # type: ignore[override]  # error handlers may move start, and offset must follow
        """The position of the first octet that could not be read."""
        return self.start

    def __str__(self) -> str:
        return UnicodeDecodeError.__str__(self)


class MissingExtraError(SmsCodecError, ImportError):
    """A feature needs a package that is not installed; ``extra`` names the extra of smscodec that brings it.

    >>> error = MissingExtraError("polars", "smscodec.adapters.polars")
    >>> print(error.extra, error, sep=" | ")
    polars | smscodec.adapters.polars needs the extra 'polars': pip install 'smscodec[polars]'
    """

    def __init__(self, extra: str, feature: str) -> None:
        super().__init__(extra, feature)
        self.extra = extra
        self.feature = feature

    def __str__(self) -> str:
        return f"{self.feature} needs the extra '{self.extra}': pip install 'smscodec[{self.extra}]'"
