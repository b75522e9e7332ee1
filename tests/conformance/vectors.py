"""The vector files as the tests read them: a case with the file and the identifier that name it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

import pytest

from smscodec import Alphabet, NationalLanguage, ShiftTables, UserData

Case = dict[str, Any]

FOLDER: Final = files("smscodec.testing") / "vectors"


def read(name: str) -> Case:
    """A vector file."""
    content: Case = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content


def cases(name: str, operation: str | None = None) -> list[Any]:
    """The cases of a file, or those of one operation, for ``pytest.mark.parametrize``."""
    found = [case for case in read(name)["cases"] if operation in (None, case.get("operation"))]
    assert found, f"{name} has no case of {operation}"
    return [pytest.param(case, id=case["id"]) for case in found]


def octets(digits: str) -> bytes:
    """Hexadecimal digits as octets."""
    return bytes.fromhex(digits)


def tables(named: dict[str, int] | None) -> ShiftTables:
    """A pair of identifiers, or the default pair. Raises ``FieldError`` for a pair that there is not."""
    if named is None:
        return ShiftTables()
    return ShiftTables(NationalLanguage(named["locking"]), NationalLanguage(named["single"]))


def named(case: Case, *names: str) -> Case:
    """Those of these options that a case has, as smscodec takes them: JSON has languages by their identifiers."""
    found = {name: case[name] for name in names if name in case}
    if "languages" in found:
        found["languages"] = list(map(NationalLanguage, found["languages"]))
    return found


def user_data(case: Case, *, strict: bool = False) -> UserData:
    """TP-UDL and TP-UD of a case, read."""
    return UserData.from_bytes(
        octets(case["ud"]),
        length=case["udl"],
        alphabet=Alphabet[case["alphabet"]],
        has_header=case.get("has_header", True),
        compressed=case.get("compressed", False),
        strict=strict,
    )
