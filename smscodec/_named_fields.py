"""Values of the core as JSON has them: their fields, and what stands in an enumeration by its name."""

from __future__ import annotations

from typing import Any

from smscodec import Measurement, ShiftTables

__all__ = ["measurement_fields", "tables_fields"]


def measurement_fields(measurement: Measurement) -> dict[str, Any]:
    """The fields of a measurement for JSON: the alphabet and the tables by name."""
    fields = measurement._asdict()
    return {**fields, "alphabet": measurement.alphabet.name, "tables": tables_fields(measurement.tables)}


def tables_fields(tables: ShiftTables) -> dict[str, str]:
    """The shift tables for JSON, by name."""
    return {"locking": tables.locking.name, "single": tables.single.name}
