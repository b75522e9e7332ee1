"""The strategies for TPDUs keep what they promise, and TPDUs are values like any others."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from smscodec.testing import strategies, tpdus
from smscodec.tpdu import AbsoluteValidity, Direction, EnhancedValidity, RelativeValidity, SmsSubmit, Tpdu, annotate
from tests.test_strategies import drawn_from


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


def test_timestamps_reach_both_ends_of_the_century_and_of_the_zones() -> None:
    """The first and the last second come up, whole seconds alone, in zones up to 79 quarters of an hour both ways."""
    drawn = drawn_from(tpdus.timestamps(), 80)
    moments = [moment.replace(tzinfo=None) for moment in drawn]
    assert (min(moments), max(moments)) == (datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59, 59))
    assert {moment.microsecond for moment in drawn} == {0}
    zones = {offset / timedelta(minutes=15) for moment in drawn if (offset := moment.utcoffset()) is not None}
    assert {-79, -1, 0, 1, 79} <= zones
    assert all(zone.is_integer() and abs(zone) <= 79 for zone in zones)


def test_single_octets_reach_their_limits() -> None:
    """Octets come up with their highest bit and all others set or not, causes from 0x80 on, or none."""
    assert {0, 0x7F, 0x80, 0xFF} <= set(drawn_from(tpdus._OCTETS, 60)) <= set(range(256))
    causes = set(drawn_from(tpdus._causes(), 60))
    assert {None, 0x80, 0xFF} <= causes
    assert causes - {None} <= set(range(0x80, 0x100))


def test_every_choice_of_parameters_comes_up() -> None:
    """TP-PID, TP-DCS and TP-UD come up alone and together, and none of them; and each length of a longer TP-PI."""
    drawn = drawn_from(tpdus._parameters(), 80)
    names = {frozenset(chosen) - {"indicator_extension"} for chosen in drawn}
    of_text = [set(), {"data_coding_scheme"}, {"user_data"}, {"data_coding_scheme", "user_data"}]
    assert names == {frozenset(each | more) for each in of_text for more in (set(), {"protocol_identifier"})}
    assert {chosen["indicator_extension"] for chosen in drawn} == {b"", b"\x00", b"\x80\x00"}


def test_user_data_keep_to_the_octets_that_are_left() -> None:
    """What a text takes is known before it is written; what is too long becomes empty, and what just fits stays."""
    for data in drawn_from(strategies.user_data(), 25):
        assert tpdus._size(data) == len(data.to_bytes())
    sizes = [len(coded["user_data"].to_bytes()) for coded in drawn_from(tpdus._coded(most=50), 25)]
    assert max(sizes) <= 50
    assert 0 in sizes
    assert any(tpdus._size(coded["user_data"]) == 140 for coded in drawn_from(tpdus._coded(), 25))


def test_validities_reach_their_limits() -> None:
    """Each format comes up, and enhanced ones of every kind: in seconds, as a clock, relative and unlimited."""
    drawn = drawn_from(tpdus.validities(), 120)
    assert {RelativeValidity, AbsoluteValidity, EnhancedValidity} == set(map(type, drawn))
    enhanced = [each.to_bytes() for each in drawn if isinstance(each, EnhancedValidity)]
    assert {octets[0] & 0x07 for octets in enhanced} >= {0, 1, 2, 3}
    assert {octets[0] & 0x40 for octets in enhanced} == {0, 0x40}


def test_broken_octets_are_broken_in_each_way() -> None:
    """Octets are cut anywhere, changed in one to four bits anywhere, and repeat an octet up to 200 times anywhere."""
    whole = b"\x00\xff"
    assert set(drawn_from(tpdus._cut(whole), 30)) == {b"", b"\x00", whole}
    changed = drawn_from(tpdus._changed(whole), 45)
    turned = [int.from_bytes(whole) ^ int.from_bytes(octets) for octets in changed]
    assert {bits.bit_count() for bits in turned} == {1, 2, 3, 4}
    assert reduce(or_, turned) == 0xFFFF
    assert set(map(len, changed)) == {2}
    runs = drawn_from(tpdus._with_a_run(b"\x33\x55"), 80)
    assert {(octets[0] == 0x33) + (octets[1] == 0x55) for octets in runs} >= {0, 1, 2}
    lengths = sorted(map(len, runs))
    assert lengths[0] == 3
    assert 150 < lengths[-1] <= 202
    broken = set(map(len, drawn_from(tpdus.broken_tpdus(), 40)))
    assert min(broken) < 3
    assert max(broken) > 60


def test_the_largest_messages_are_as_large_as_can_be() -> None:
    """With 19 or 20 digits and full user data an SMS-SUBMIT takes up to 164 octets, and an SMS-DELIVER up to 163."""
    for message in drawn_from(tpdus._largest(), 25):
        submitted = isinstance(message, SmsSubmit)
        address = message.destination if isinstance(message, SmsSubmit) else message.originator
        assert len(address.number) in (19, 20)
        assert 160 <= len(message.to_bytes()) <= 163 + submitted
