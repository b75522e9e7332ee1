"""Where to cut a text so that grapheme clusters stay whole, without paying a segment for it (decision D9).

Of all ways to cut into the fewest segments, the one that breaks the fewest clusters is chosen (a cluster that is cut
twice counts once), and among those the one with the fullest early segments. The ``regex`` package (extra ``grapheme``)
finds the clusters.

Reference: 3GPP TS 23.040, 9.2.3.24.1; Unicode Standard Annex 29
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from smscodec.errors import MissingExtraError

__all__ = ["cluster_finder", "whole_cluster_cuts"]


def cluster_finder() -> Callable[[str], list[int]]:
    """A function that gives the index of the first character of each grapheme cluster of a text.

    Raises ``MissingExtraError`` where the ``regex`` package is not installed.
    """
    try:
        import regex  # noqa: PLC0415  # an extra, needed only to cut at clusters
    except ImportError:
        raise MissingExtraError("grapheme", 'boundary="grapheme"') from None
    clusters = regex.compile(r"\X")
    return lambda text: [match.start() for match in clusters.finditer(text)]


def whole_cluster_cuts(
    text: str, starts: list[int], doubled: frozenset[str], limit: int, cuts: Sequence[int]
) -> list[int]:
    """As many cuts as the greedy ``cuts``, in segments of ``limit`` units, that break as few clusters as possible.

    ``starts`` are the indices where clusters begin and ``doubled`` holds the characters of two units. Works backwards
    from the end: for each possible cut it finds the fewest clusters that are broken after it.
    """
    position = [0, *accumulate(2 if character in doubled else 1 for character in text)]
    cluster = _clusters_across(starts, len(text))
    layers = [range(1), *map(range, _earliest(position, limit, len(cuts)), (cut + 1 for cut in cuts))]
    broken_after = dict.fromkeys(layers[-1], 0)
    steps: list[dict[int, int]] = []
    for here, following in reversed(list(pairwise(layers))):
        fewest = min(broken_after.values())
        best: dict[int, tuple[int, int]] = {}
        for cut in here:
            last = min(bisect_right(position, position[cut] + limit) - 1, following[-1])
            for candidate in range(last, max(cut, following[0] - 1), -1):
                if candidate not in broken_after:
                    continue
                broken = broken_after[candidate] + (cluster[candidate] not in {None, cluster[cut]})
                if cut not in best or broken < best[cut][0]:
                    best[cut] = broken, candidate
                if broken == fewest:
                    break
        broken_after = {cut: broken for cut, (broken, _) in best.items()}
        steps.append({cut: candidate for cut, (_, candidate) in best.items()})
    path = list(accumulate(reversed(steps), lambda cut, step: step[cut], initial=0))
    return path[1:]


def _earliest(position: list[int], limit: int, count: int) -> list[int]:
    """The earliest place for each of ``count`` cuts after which the rest of the text still fits."""
    earliest = []
    place = len(position) - 1
    for _ in range(count):
        place = bisect_left(position, position[place] - limit)
        earliest.append(place)
    return earliest[::-1]


def _clusters_across(starts: list[int], length: int) -> list[int | None]:
    """For a cut before each character, the start of the cluster that it would break, or None."""
    across: list[int | None] = [None] * length
    for start, end in pairwise([*starts, length]):
        across[start + 1 : end] = [start] * (end - start - 1)
    return across
