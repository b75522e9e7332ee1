"""The character tables of TS 23.038 as data, in the order of the document.

A table is a string of 128 characters: the character at index ``septet``, or ``UNDEFINED`` where the cell holds none.
This package knows the cells, their errata, their variants and the names of the languages; how text is encoded with
them is the business of ``gsm7``.

Reference: 3GPP TS 23.038, 6.2.1, 6.2.1.1, 6.2.1.2.4, A.2 and A.3
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from smscodec._values import Value
from smscodec.errors import FieldError
from smscodec.tables import _locking_shift, _single_shift

__all__ = [
    "DEFAULT_TABLES",
    "ERRATA",
    "ESC",
    "LOCKING_SHIFT",
    "SINGLE_SHIFT",
    "UNDEFINED",
    "VARIANTS",
    "Erratum",
    "Languages",
    "NationalLanguage",
    "PermittedLanguages",
    "ShiftTables",
    "Variant",
    "check_languages",
    "permitted_languages",
]


class NationalLanguage(IntEnum):
    """A national language by the identifier that goes on the wire; DEFAULT stands for no national table.

    >>> from smscodec import measure
    >>> measure("ş" * 71, languages=NationalLanguage.TURKISH).segments, measure("ş" * 71).segments
    (1, 2)

    Reference: 3GPP TS 23.038, 6.2.1.2.4
    """

    DEFAULT = 0
    TURKISH = 1
    SPANISH = 2
    PORTUGUESE = 3
    BENGALI = 4
    GUJARATI = 5
    HINDI = 6
    KANNADA = 7
    MALAYALAM = 8
    ORIYA = 9
    PUNJABI = 10
    TAMIL = 11
    TELUGU = 12
    URDU = 13


_ISO_639_1: Final = ("tr", "es", "pt", "bn", "gu", "hi", "kn", "ml", "or", "pa", "ta", "te", "ur")
"""The code of each language from identifier 1 on."""

Languages = NationalLanguage | str | Iterable[NationalLanguage | str]
"""Languages as arguments: by the enumeration, by name or ISO 639-1 code in any case, one or several; or "all"."""


class PermittedLanguages(frozenset[NationalLanguage]):
    """Languages as ``permitted_languages`` returns them, so that it need not look at them again.

    >>> permitted_languages("Turkish") == PermittedLanguages([NationalLanguage.TURKISH])
    True
    """

    __slots__ = ()


_ALL: Final = PermittedLanguages(language for language in NationalLanguage if language)

NAMED_LANGUAGES: Final[Mapping[object, PermittedLanguages]] = {
    "all": _ALL,
    **{
        name: PermittedLanguages({language} if language else ())
        for language, code in zip(NationalLanguage, ("default", *_ISO_639_1), strict=True)
        for name in (language, language.name.lower(), code)
    },
}
"""Languages by the enumeration, and by name and code in small letters."""


def permitted_languages(languages: Languages) -> PermittedLanguages:
    """The languages that a caller names, for every function that takes ``languages=``.

    Pass the result in their place where the same languages are permitted for many texts. DEFAULT permits nothing.
    Raises ``FieldError`` for a language that TS 23.038 has no tables for.

    >>> sorted(permitted_languages(["Turkish", "pt"]))
    [<NationalLanguage.TURKISH: 1>, <NationalLanguage.PORTUGUESE: 3>]
    >>> len(permitted_languages("all"))
    13

    Reference: 3GPP TS 23.038, 6.2.1.2.4
    """
    if type(languages) is PermittedLanguages:
        return languages
    if languages == "all":
        return _ALL
    if isinstance(languages, (str, bytes, int)):
        return _named(languages)
    try:
        several = tuple(languages)
    except TypeError:
        raise _no_language(languages) from None
    if set(map(type, several)) == {NationalLanguage}:
        return PermittedLanguages(several)  # type: ignore[arg-type]  # as their type says
    return PermittedLanguages(language for given in several for language in _named(given))


def check_languages(languages: Languages) -> None:
    """Raise what ``permitted_languages`` raises, for a caller that does not need to know which languages they are.

    >>> check_languages(["tr", "Spanish"])
    """
    if type(languages) is tuple and set(map(type, languages)) <= {NationalLanguage}:
        return
    if type(languages) is not PermittedLanguages and languages != "all":
        permitted_languages(languages)


def _named(given: object) -> PermittedLanguages:
    # An int that equals a member is refused: it is more likely a count or an index that came here by mistake.
    named = isinstance(given, (NationalLanguage, str))
    found = NAMED_LANGUAGES.get(given.lower() if isinstance(given, str) else given) if named else None
    if found is None:
        raise _no_language(given)
    return found


def _no_language(given: object) -> FieldError:
    names = ", ".join(language.name.lower() for language in NationalLanguage if language)
    return FieldError("languages", f'expected languages among {names}, their ISO 639-1 codes, or "all", got {given!r}')


ESC: Final = 0x1B
"""The septet that announces a code of the extension or single shift table."""

UNDEFINED: Final = "\ufffe"
"""Stands in a table where a cell holds no character: a noncharacter, which ``codecs.charmap_decode`` takes as such."""


def _cells(block: str) -> str:
    undefined = f"{ord(UNDEFINED):04X}"
    return bytes.fromhex(block.replace("----", undefined).replace("ESC", undefined)).decode("utf-16-be")


def _tables(blocks: object) -> Mapping[NationalLanguage, str]:
    named = {language: getattr(blocks, language.name, None) for language in NationalLanguage}
    return MappingProxyType({language: _cells(block) for language, block in named.items() if block is not None})


LOCKING_SHIFT: Final = _tables(_locking_shift)
"""Main tables: the default alphabet and the twelve locking shift tables (there is none for Spanish, A.3.2)."""

SINGLE_SHIFT: Final = _tables(_single_shift)
"""Tables of the escaped codes: the default extension table and the thirteen single shift tables."""


class _Kept:
    """What is kept on a pair of tables (see ``keep``): what ``gsm7`` looks up."""

    __slots__ = ("compiled",)

    compiled: Any


@dataclass(frozen=True, slots=True, repr=False)
class ShiftTables(_Kept, Value):
    """The pair of tables that a text is encoded with: a main table and the table of the escaped codes.

    Both default to the GSM 7-bit default alphabet and its extension. Any two languages may be paired. Raises
    ``FieldError`` for an identifier that names no table, such as the locking shift table of Spanish.

    >>> ShiftTables(single=NationalLanguage.SPANISH).as_dict()
    {'locking': 'DEFAULT', 'single': 'SPANISH'}

    Reference: 3GPP TS 23.038, 6.2.1.2
    """

    locking: NationalLanguage = NationalLanguage.DEFAULT
    single: NationalLanguage = NationalLanguage.DEFAULT

    def __post_init__(self) -> None:
        for field, tables in (("locking", LOCKING_SHIFT), ("single", SINGLE_SHIFT)):
            language = getattr(self, field)
            if not isinstance(language, int) or language not in tables:
                raise FieldError(field, f"there is no {field} shift table for {language!r} (3GPP TS 23.038, 6.2.1.2.4)")
            object.__setattr__(self, field, NationalLanguage(language))


DEFAULT_TABLES: Final = ShiftTables()
"""The GSM 7-bit default alphabet with its extension table: what every handset knows."""


class Erratum(NamedTuple):
    """A cell whose printed code point is a self-evident misprint: ``printed`` in some versions, ``used`` here.

    >>> [(one.language.name, hex(one.septet), one.used) for one in ERRATA if one.table == "locking"]
    [('KANNADA', '0x24', 'ಡ')]
    """

    table: Literal["locking", "single"]
    language: NationalLanguage
    septet: int
    printed: str
    used: str


ERRATA: Final = (
    Erratum("locking", NationalLanguage.KANNADA, 0x24, printed="\u0caa", used="\u0ca1"),
    Erratum("single", NationalLanguage.TAMIL, 0x24, printed="\u0bef", used="\u0bee"),
    Erratum("single", NationalLanguage.TELUGU, 0x22, printed="\u06cc", used="\u0c6c"),
    Erratum("single", NationalLanguage.TELUGU, 0x23, printed="\u06cd", used="\u0c6d"),
)


class Variant(NamedTuple):
    """A cell that software in the field reads otherwise: ``used`` here (None: no character), ``in_the_field`` there.

    ``lenient`` says whether lenient decoding follows the field where the table itself holds nothing (decision D8).

    >>> [(one.language.name, hex(one.septet), one.in_the_field) for one in VARIANTS if one.lenient]
    [('TELUGU', '0x65', '€')]
    """

    table: Literal["locking", "single"]
    language: NationalLanguage
    septet: int
    used: str | None
    in_the_field: str
    lenient: bool


VARIANTS: Final = (
    Variant("locking", NationalLanguage.DEFAULT, 0x09, used="\u00c7", in_the_field="\u00e7", lenient=False),
    Variant("single", NationalLanguage.TELUGU, 0x65, used=None, in_the_field="\u20ac", lenient=True),
)
