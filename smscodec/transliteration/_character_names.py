"""What to call a character: its Unicode name, the alias of a control, or a label for what has no name.

Knows nothing of alphabets.

Reference: the Unicode Standard, 4.8 (names, code point labels) and NameAliases.txt
"""

from __future__ import annotations

import unicodedata

__all__ = ["character_name"]

# The standard names no control; these are its formal aliases, which unicodedata.lookup understands.
_C0 = """
    NULL, START OF HEADING, START OF TEXT, END OF TEXT, END OF TRANSMISSION, ENQUIRY, ACKNOWLEDGE, ALERT,
    BACKSPACE, CHARACTER TABULATION, LINE FEED, LINE TABULATION, FORM FEED, CARRIAGE RETURN, SHIFT OUT, SHIFT IN,
    DATA LINK ESCAPE, DEVICE CONTROL ONE, DEVICE CONTROL TWO, DEVICE CONTROL THREE, DEVICE CONTROL FOUR,
    NEGATIVE ACKNOWLEDGE, SYNCHRONOUS IDLE, END OF TRANSMISSION BLOCK, CANCEL, END OF MEDIUM, SUBSTITUTE, ESCAPE,
    INFORMATION SEPARATOR FOUR, INFORMATION SEPARATOR THREE, INFORMATION SEPARATOR TWO, INFORMATION SEPARATOR ONE
"""
_DELETE_AND_C1 = """
    DELETE, PADDING CHARACTER, HIGH OCTET PRESET, BREAK PERMITTED HERE, NO BREAK HERE, INDEX, NEXT LINE,
    START OF SELECTED AREA, END OF SELECTED AREA, CHARACTER TABULATION SET, CHARACTER TABULATION WITH JUSTIFICATION,
    LINE TABULATION SET, PARTIAL LINE FORWARD, PARTIAL LINE BACKWARD, REVERSE LINE FEED, SINGLE SHIFT TWO,
    SINGLE SHIFT THREE, DEVICE CONTROL STRING, PRIVATE USE ONE, PRIVATE USE TWO, SET TRANSMIT STATE, CANCEL CHARACTER,
    MESSAGE WAITING, START OF GUARDED AREA, END OF GUARDED AREA, START OF STRING, SINGLE GRAPHIC CHARACTER INTRODUCER,
    SINGLE CHARACTER INTRODUCER, CONTROL SEQUENCE INTRODUCER, STRING TERMINATOR, OPERATING SYSTEM COMMAND,
    PRIVACY MESSAGE, APPLICATION PROGRAM COMMAND
"""


def _aliases() -> dict[str, str]:
    named = {}
    for first, block in ((0x00, _C0), (0x7F, _DELETE_AND_C1)):
        for point, alias in enumerate(block.split(","), first):
            named[chr(point)] = alias.strip()
    return named


_ALIASES = _aliases()


def character_name(character: str) -> str:
    """The Unicode name of a character, as this Python knows it.

    A control has its alias (``ESCAPE``, ``CHARACTER TABULATION``). What has no name has the label of the standard with
    its code point: ``<private-use-E000>``, ``<noncharacter-FFFE>``, or ``<reserved-0378>`` where no character is
    assigned. Surrogates, which are refused before anything is named, do not come here.
    """
    return unicodedata.name(character, "") or _ALIASES.get(character) or _label(character)


def _label(character: str) -> str:
    point = ord(character)
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        kind = "noncharacter"
    else:
        kind = "private-use" if unicodedata.category(character) == "Co" else "reserved"
    return f"<{kind}-{point:04X}>"
