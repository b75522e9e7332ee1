"""SMS text encoding as 3GPP TS 23.038 and TS 23.040 define it: text to segments, septets and octets, and back.

The face of the package: the core's public names, and no façade.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from smscodec._version import __version__
from smscodec.dcs import Alphabet
from smscodec.errors import (
    DecodeError,
    FieldError,
    MissingExtraError,
    SegmentationError,
    SmsCodecError,
    UndecodableError,
    UnencodableError,
)
from smscodec.message import Measurement, Segment, SegmentedMessage
from smscodec.segmentation import backend, count_segments, detect, measure, segment, segment_data, shorten
from smscodec.tables import NationalLanguage, ShiftTables
from smscodec.udh import (
    ApplicationPort,
    Concatenation,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    SpecialMessageIndication,
    UserDataHeader,
)
from smscodec.userdata import UserData

if TYPE_CHECKING:
    from smscodec.batch import BatchMeasurement, Count, measure_many
    from smscodec.references import ReferenceCounter
    from smscodec.transliteration import explain, transliterate

__all__ = [
    "Alphabet",
    "ApplicationPort",
    "BatchMeasurement",
    "Concatenation",
    "Count",
    "DecodeError",
    "FieldError",
    "Measurement",
    "MissingExtraError",
    "NationalLanguage",
    "NationalLanguageLockingShift",
    "NationalLanguageSingleShift",
    "OpaqueElement",
    "ReferenceCounter",
    "Segment",
    "SegmentationError",
    "SegmentedMessage",
    "ShiftTables",
    "SmsCodecError",
    "SpecialMessageIndication",
    "UndecodableError",
    "UnencodableError",
    "UserData",
    "UserDataHeader",
    "__version__",
    "backend",
    "count_segments",
    "detect",
    "explain",
    "measure",
    "measure_many",
    "segment",
    "segment_data",
    "shorten",
    "transliterate",
]


# Loaded when first asked for: they take as long to load as all that counts and encodes single messages, and most
# programs never ask.
_LATER = {
    "BatchMeasurement": "smscodec.batch",
    "Count": "smscodec.batch",
    "measure_many": "smscodec.batch",
    "ReferenceCounter": "smscodec.references",
    "explain": "smscodec.transliteration",
    "transliterate": "smscodec.transliteration",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'smscodec' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
