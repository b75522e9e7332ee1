"""The strategies for TPDUs keep what they promise, and TPDUs are values like any others."""

from __future__ import annotations

import copy
import pickle

from hypothesis import given
from hypothesis import strategies as st

from smscodec.testing import tpdus
from smscodec.tpdu import Direction, Tpdu, annotate


def test_every_public_strategy_is_listed_and_documented() -> None:
    """``__all__`` names functions with a docstring, without an argument that must be given."""
    assert sorted(tpdus.__all__) == tpdus.__all__
    for name in tpdus.__all__:
        assert getattr(tpdus, name).__doc__, name
        assert isinstance(getattr(tpdus, name)(), st.SearchStrategy)


@given(tpdus.tpdus())
def test_tpdus_survive_copying(tpdu: Tpdu) -> None:
    """Each is equal to its pickled, copied and deep-copied self, hashes alike, and says what it is."""
    assert pickle.loads(pickle.dumps(tpdu)) == copy.copy(tpdu) == copy.deepcopy(tpdu) == tpdu
    assert hash(copy.deepcopy(tpdu)) == hash(tpdu)
    assert repr(tpdu).startswith(type(tpdu).__name__)


@given(tpdus.broken_tpdus())
def test_annotations_survive_copying(octets: bytes) -> None:
    """So do annotations."""
    tree = annotate(octets, direction=Direction.SC_TO_MS)
    assert pickle.loads(pickle.dumps(tree)) == copy.deepcopy(tree) == tree
