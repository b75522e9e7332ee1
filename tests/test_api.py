"""The public surface, written down: a name that goes, comes or changes its signature shows in the diff of api.txt.

``python -m tests.test_api`` writes the snapshot anew after a change that was meant.
"""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import smscodec
from smscodec import (
    Alphabet,
    ApplicationPort,
    Concatenation,
    NationalLanguage,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    ShiftTables,
    SpecialMessageIndication,
    UserData,
    UserDataHeader,
    explain,
    measure,
    measure_many,
    segment,
    segment_data,
)
from smscodec.dcs import DataCodingScheme, IndicationType, MessageClass, MessageWaiting
from smscodec.smpp import SarParameters, ShortMessage
from smscodec.transliteration import transliteration
from smscodec.wap import Action, ServiceIndication
from tests.rows import each_row

SNAPSHOT = Path(__file__).with_name("api.txt")

MODULES = (
    "smscodec",
    "smscodec.batch",
    "smscodec.calculator",
    "smscodec.codec",
    "smscodec.dcs",
    "smscodec.delivery",
    "smscodec.errors",
    "smscodec.gsm7",
    "smscodec.reassembly",
    "smscodec.references",
    "smscodec.segmentation",
    "smscodec.septets",
    "smscodec.smpp",
    "smscodec.tables",
    "smscodec.testing.strategies",
    "smscodec.testing.tpdus",
    "smscodec.tpdu",
    "smscodec.tpdu.meanings",
    "smscodec.tpdu.pdu_mode",
    "smscodec.transliteration",
    "smscodec.ucs2",
    "smscodec.udh",
    "smscodec.userdata",
    "smscodec.simulator",
    "smscodec.vonage",
    "smscodec.wap",
)


def described(name: str, value: object) -> Iterator[str]:
    """One line for a name, and one for each public member of a class."""
    if inspect.isclass(value):
        bases = ", ".join(base.__name__ for base in value.__bases__)
        yield f"class {name}({bases})"
        if issubclass(value, Enum):
            yield from (f"    {member.name} = {member.value!r}" for member in value)
            return
        ours = [vars(base) for base in reversed(value.__mro__) if base.__module__.startswith("smscodec")]
        for member, content in sorted({name: content for members in ours for name, content in members.items()}.items()):
            if member == "__init__" or not member.startswith("_"):
                yield f"    {member}{signature(inspect.unwrap(getattr(content, '__func__', content)))}"
    elif callable(value):
        yield f"{name}{signature(value)}"
    else:
        yield f"{name}: {type(value).__name__}"


def signature(value: object) -> str:
    """The signature of a callable, nothing for other values; defaults that show addresses are left out."""
    if not callable(value):
        return ""
    try:
        return re.sub(r" at 0x[0-9a-f]+", "", str(inspect.signature(value)))
    except (TypeError, ValueError):
        return "(…)"


def surface() -> str:
    """All public modules' names as text."""
    lines = []
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        lines += ["", f"# {module_name}"]
        for name in sorted(module.__all__):
            value = getattr(module, name)
            home = getattr(value, "__module__", module_name)
            foreign = module_name == "smscodec" and str(home).startswith("smscodec.")
            lines += [f"{name}: from {home}"] if foreign else described(name, value)
    return "\n".join(lines).lstrip() + "\n"


def test_surface_is_as_written_down() -> None:
    """The public names, their members and signatures are those of the snapshot."""
    assert SNAPSHOT.read_text(encoding="utf-8") == surface()


CONTRACT = {
    *("backend", "detect", "count_segments", "measure", "segment", "segment_data", "explain", "transliterate"),
    *("ReferenceCounter", "Alphabet", "NationalLanguage", "ShiftTables", "UserData", "UserDataHeader", "Concatenation"),
    *("ApplicationPort", "NationalLanguageSingleShift", "NationalLanguageLockingShift", "SpecialMessageIndication"),
    *("OpaqueElement", "SmsCodecError", "FieldError", "UnencodableError", "SegmentationError", "DecodeError"),
    *("UndecodableError", "MissingExtraError"),
}


def test_face_has_the_contract() -> None:
    """The package re-exports every name that the contract marks so."""
    assert set(smscodec.__all__) >= CONTRACT
    assert all(hasattr(smscodec, name) for name in smscodec.__all__)


VALUES = [
    Alphabet.UCS2,
    MessageClass.CLASS_0,
    NationalLanguage.TURKISH,
    IndicationType.FAX,
    ShiftTables(NationalLanguage.HINDI, NationalLanguage.SPANISH),
    Concatenation(7, 3, 2, wide=True),
    ApplicationPort(2948, 9200),
    NationalLanguageSingleShift(NationalLanguage.SPANISH),
    NationalLanguageLockingShift(NationalLanguage.URDU),
    SpecialMessageIndication(IndicationType.EMAIL, 4, store=True),
    OpaqueElement(0x70, b"\x01\x02"),
    UserDataHeader([OpaqueElement(0x70, b"\x01")]),
    UserDataHeader.from_bytes(b"\x02\x00\x09"),
    UserData(Alphabet.GSM_7BIT, b"abc"),
    DataCodingScheme(0xC8),
    MessageWaiting(type=IndicationType.VOICEMAIL, active=True, store=False),
    measure("ж" * 100),
    measure_many(["a", "ж" * 100]),
    segment("a" * 200, reference=1),
    segment("a" * 200)[1],
    segment_data(b"x" * 200, reference=1),
    explain("“quoted” 😀"),
    transliteration("“quoted” 😀"),
    SarParameters(300, 2, 1),
    ShortMessage(0x00, 0x40, b"\x00", SarParameters(300, 2, 1)),
    Action.DELETE,
    ServiceIndication(text="a", href="http://a.com/", information=(("b", "c"),)),
]


@each_row("value", VALUES)
def test_public_values_survive_copying(value: object) -> None:
    """Every public value is equal to its pickled, copied and deep-copied self, hashes alike, and says what it is."""
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert value == pickle.loads(pickle.dumps(value, protocol))
    assert value == copy.copy(value) == copy.deepcopy(value)
    assert hash(value) == hash(copy.deepcopy(value))
    assert type(value).__name__ in repr(value)


if __name__ == "__main__":
    SNAPSHOT.write_text(surface(), encoding="utf-8")
