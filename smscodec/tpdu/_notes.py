"""The tree that an annotation is, and the notes from which it grows while octets are taken.

Knows places, names and findings, and nothing of any field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from smscodec import _values

__all__ = ["TOO_SOON", "Annotation", "Notes", "NothingLeft", "Value", "bits_of"]

TOO_SOON: Final = "the octets end too soon"
"""How each finding begins that says that octets are missing at the end."""

Value = str | int | bool | None


@dataclass(frozen=True, slots=True, repr=False)
class Annotation(_values.Value):
    """What one place in the octets is: a TPDU, a field, a part of a field, or bits of an octet.

    ``offset`` and ``length`` count octets from the start of all; for bits of an octet ``bits`` are the highest and the
    lowest. ``clause`` is that of TS 23.040 (23.038 and others say so). ``raw`` are the octets, or the number that the
    bits make; ``value`` is what they mean, a plain value that JSON can hold. ``findings`` say what is wrong or unusual
    at this place. The children of a node cover its octets, or the bits of its octet, without gap or overlap.

    >>> from smscodec.tpdu import pdu_mode
    >>> tree = pdu_mode.annotate("0001000281210000026834")
    >>> [(node.offset, node.value) for node in tree.walk() if node.name == "TP-UDL"]
    [(8, '2 septets')]
    """

    offset: int
    length: int
    name: str
    clause: str
    raw: bytes | int
    value: Value = None
    findings: tuple[str, ...] = ()
    bits: tuple[int, int] | None = None
    children: tuple[Annotation, ...] = ()

    def walk(self) -> Iterator[Annotation]:
        """This node and all below it, in the order of the wire."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def all_findings(self) -> tuple[tuple[int, str], ...]:
        """Every finding in the tree with the offset that it is about."""
        return tuple((node.offset, finding) for node in self.walk() for finding in node.findings)

    def moved(self, octets: int) -> Annotation:
        """The same tree, moved on by that many octets."""
        children = tuple(child.moved(octets) for child in self.children)
        return replace(self, offset=self.offset + octets, children=children)


class NothingLeft(Exception):  # noqa: N818  # no error: the octets end here, and the annotation with them
    """A field cannot be read to its end, so no field after it can be read."""


class Notes:
    """Octets that are taken field by field, and a note on each; ``base`` is added to offsets.

    ``findings`` are those about the whole.
    """

    __slots__ = ("base", "fields", "findings", "octets", "offset")

    def __init__(self, octets: bytes, base: int = 0) -> None:
        self.octets = octets
        self.base = base
        self.offset = 0
        self.fields: list[Annotation] = []
        self.findings: list[str] = []

    @property
    def place(self) -> tuple[int, int]:
        """The offset of the next octet, and its value."""
        return self.base + self.offset, self.octets[self.offset]

    @property
    def left(self) -> int:
        """How many octets have not been taken."""
        return len(self.octets) - self.offset

    def peek(self, count: int) -> bytes:
        """The next octets, as many as are there, which stay where they are."""
        return self.octets[self.offset : self.offset + count]

    def need(self, count: int, name: str, clause: str) -> bytes:
        """The next octets, which stay; where they are too few, a finding, and ``NothingLeft``."""
        if self.left < count:
            found = f"{TOO_SOON}: {count} needed, {self.left} left"
            self.take(self.left, name, clause, findings=[found])
            raise NothingLeft
        return self.peek(count)

    def take(
        self,
        count: int,
        name: str,
        clause: str,
        value: Value = None,
        *,
        findings: Iterable[str] = (),
        children: Sequence[Annotation] = (),
    ) -> Annotation:
        """Note the next ``count`` octets."""
        note = Annotation(
            self.base + self.offset,
            count,
            name,
            clause,
            self.peek(count),
            value,
            tuple(findings),
            children=tuple(children),
        )
        self.fields.append(note)
        self.offset += count
        return note

    def part(self, count: int) -> Notes:
        """Notes on the next ``count`` octets alone; the octets stay."""
        return Notes(self.peek(count), self.base + self.offset)

    def group(self, part: Notes, name: str, clause: str, value: Value = None, findings: Iterable[str] = ()) -> None:
        """Note the octets of ``part``, with its notes as children."""
        part.rest("octets that cannot be read")
        self.take(len(part.octets), name, clause, value, findings=findings, children=part.fields)

    def rest(self, what: str) -> None:
        """Note that the octets that are left mean nothing, if there are any."""
        if self.left:
            self.take(self.left, what, "", findings=[what])

    def superfluous(self) -> None:
        """Note octets after the last field."""
        self.rest("octets after the last field")

    def tree(self, name: str, clause: str) -> Annotation:
        """The root over all that was noted."""
        return Annotation(
            self.base,
            len(self.octets),
            name,
            clause,
            self.octets,
            findings=tuple(self.findings),
            children=tuple(self.fields),
        )


def bits_of(
    place: tuple[int, int],
    bits: tuple[int, int],
    name: str,
    clause: str,
    *,
    meanings: Sequence[str] = (),
    finding: str = "",
) -> Annotation:
    """A note on bits ``high`` to ``low`` of an octet, of which ``place`` is offset and value.

    Without ``meanings`` their number is what they mean.
    """
    (offset, octet), (high, low) = place, bits
    number = octet >> low & (1 << high - low + 1) - 1
    findings = (finding,) if finding else ()
    return Annotation(offset, 1, name, clause, number, meanings[number] if meanings else number, findings, bits=bits)
