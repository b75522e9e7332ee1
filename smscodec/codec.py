"""The alphabets of TS 23.038 as Python codecs: stateless, incremental, and as stream reader and writer.

Importing registers nothing: ``codec_info`` makes a codec that works without registration, ``register`` makes the names
known. The octets are unpacked septets, as SMPP and most modems in text mode carry them.

Reference: 3GPP TS 23.038, 6.2.1
"""

from __future__ import annotations

import codecs
from functools import cache
from typing import TYPE_CHECKING

from smscodec import gsm7
from smscodec.tables import DEFAULT_TABLES, ESC, LOCKING_SHIFT, NationalLanguage, ShiftTables

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["codec_info", "register", "unregister"]

_ESCAPE = bytes([ESC])


@cache
def codec_info(tables: ShiftTables = DEFAULT_TABLES) -> codecs.CodecInfo:
    """A codec over these tables, ready for use without registration.

    Its octets are unpacked septets. An incremental decoder holds back a final escape until its code arrives or the
    input ends (decision D5); a stream reader decodes it at the end of the stream. Decoding in parts gives the same text
    as decoding at once, unless an error handler of yours continues inside the range that it was given.

    >>> decoder = codec_info().incrementaldecoder()
    >>> decoder.decode(b"5 \\x1b"), decoder.decode(b"e")
    ('5 ', '€')
    """

    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        return gsm7.encode(text, tables, errors=errors), len(text)

    def decode(octets: ReadableBuffer, errors: str = "strict", final: bool = True) -> tuple[str, int]:
        data = memoryview(octets).tobytes()
        complete = len(data) if final else len(data) - _pending(data)
        return gsm7.decode(data[:complete], tables, errors=errors), complete

    class IncrementalEncoder(codecs.IncrementalEncoder):
        def encode(self, text: str, final: bool = False) -> bytes:
            return encode(text, self.errors)[0]

    class IncrementalDecoder(codecs.BufferedIncrementalDecoder):
        def _buffer_decode(self, octets: ReadableBuffer, errors: str, final: bool) -> tuple[str, int]:
            return decode(octets, errors, final)

    class StreamWriter(codecs.StreamWriter):
        def encode(self, text: str, errors: str = "strict") -> tuple[bytes, int]:
            return encode(text, errors)

    class StreamReader(codecs.StreamReader):
        bytebuffer: bytes

        def decode(self, octets: ReadableBuffer, errors: str = "strict") -> tuple[str, int]:
            return decode(octets, errors, final=False)

        def read(self, size: int = -1, chars: int = -1, firstline: bool = False) -> str:
            text = super().read(size, chars, firstline)
            at_end = not text and size != 0 and chars != 0
            if (at_end or (size < 0 and chars < 0)) and self.bytebuffer:
                pending, self.bytebuffer = self.bytebuffer, b""
                text += decode(pending, self.errors)[0]
            return text

    return codecs.CodecInfo(
        encode,
        decode,
        StreamReader,
        StreamWriter,
        IncrementalEncoder,
        IncrementalDecoder,
        name=_name(tables),
    )


def register() -> None:
    """Make the codecs known to Python: ``"gsm0338"``, ``"gsm03.38"`` and ``"gsm0338-<language>"``.

    A codec named after a language uses both of its shift tables; Spanish has only a single shift table. Registering
    twice is harmless.

    >>> register()
    >>> "5 €".encode("gsm0338"), b"5 \\x1be".decode("gsm0338")
    (b'5 \\x1be', '5 €')
    >>> unregister()
    """
    codecs.unregister(_search)
    codecs.register(_search)


def unregister() -> None:
    """Unregister the codecs; harmless if they were not registered.

    >>> register()
    >>> unregister()
    >>> "Hello".encode("gsm0338")
    Traceback (most recent call last):
        ...
    LookupError: unknown encoding: gsm0338
    """
    codecs.unregister(_search)


def _name(tables: ShiftTables) -> str:
    languages = [language.name.lower() for language in (tables.locking, tables.single)]
    if tables == DEFAULT_TABLES:
        return gsm7.ENCODING
    if tables == _of(tables.single):
        return f"{gsm7.ENCODING}-{languages[1]}"
    return f"{gsm7.ENCODING}-{'-'.join(languages)}"


def _of(language: NationalLanguage) -> ShiftTables:
    return ShiftTables(locking=language if language in LOCKING_SHIFT else NationalLanguage.DEFAULT, single=language)


def _search(name: str) -> codecs.CodecInfo | None:
    # Python passes names in lower case, with hyphens and spaces as underscores.
    if name in {"gsm0338", "gsm03.38"}:
        return codec_info()
    for language in NationalLanguage:
        if language and name == f"gsm0338_{language.name.lower()}":
            return codec_info(_of(language))
    return None


def _pending(octets: bytes) -> int:
    """1 if the octets end in an escape without its code: an odd number of escapes, since two make a pair; else 0."""
    return (len(octets) - len(octets.rstrip(_ESCAPE))) % 2
