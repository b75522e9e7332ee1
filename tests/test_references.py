"""ReferenceCounter: one sequence for each destination, round again at its end, bounded, and safe between threads."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import FieldError, ReferenceCounter, segment


@pytest.mark.parametrize(("wide", "modulus"), [(False, 256), (True, 65_536)])
def test_d20_references_count_from_zero_and_round_again(wide: bool, modulus: int) -> None:
    """The first reference is 0, each next one higher, and 0 follows the highest that fits."""
    counter = ReferenceCounter(wide=wide)
    assert [*range(modulus), 0, 1] == [counter.next("+15550100") for _ in range(modulus + 2)]


@given(st.lists(st.sampled_from("abc")))
def test_each_destination_has_a_sequence_of_its_own(destinations: list[str]) -> None:
    """Whatever the order of sending, each destination sees 0, 1, 2, …"""
    counter = ReferenceCounter()
    given_out = [(destination, counter.next(destination)) for destination in destinations]
    for destination in set(destinations):
        references = [reference for to, reference in given_out if to == destination]
        assert list(range(len(references))) == references


def test_the_destination_used_least_recently_is_dropped() -> None:
    """Beyond the maximum the one that was not used for longest begins anew, and no other."""
    counter = ReferenceCounter(max_destinations=2)
    assert [counter.next(destination) for destination in "abac"] == [0, 0, 1, 0]
    assert [counter.next(destination) for destination in "ab"] == [2, 0]
    assert "2 destinations" in repr(counter)


def test_a_counter_may_remember_one_destination() -> None:
    """With the least maximum each change of destination begins anew."""
    counter = ReferenceCounter(max_destinations=1)
    assert [counter.next(destination) for destination in "aaba"] == [0, 1, 0, 0]


def test_what_a_counter_is_without_arguments() -> None:
    """References of 8 bits, for 65,536 destinations and no more."""
    counter = ReferenceCounter()
    assert [counter.next("first") for _ in range(257)][-1] == 0
    for destination in range(65_535):
        counter.next(destination)
    assert counter.next("first") == 1
    counter.next("another")
    assert counter.next(0) == 0


def test_threads_never_share_a_reference() -> None:
    """Many threads that send to one destination get each reference exactly once."""
    counter = ReferenceCounter(wide=True)
    with ThreadPoolExecutor(8) as threads:
        references = list(threads.map(lambda _: counter.next("+15550100"), range(10_000)))
    assert list(range(10_000)) == sorted(references)


@pytest.mark.parametrize("maximum", [0, -1, 1.5, "2"])
def test_an_impossible_maximum_is_refused(maximum: int) -> None:
    """At least one destination must be remembered."""
    with pytest.raises(FieldError) as caught:
        ReferenceCounter(max_destinations=maximum)
    assert caught.value.field == "max_destinations"


def test_references_go_into_segments() -> None:
    """What the counter gives, segment and the concatenation element take, up to the last."""
    counter = ReferenceCounter()
    for _ in range(256):
        message = segment("a" * 161, reference=counter.next("x"))
        element = message[0].user_data.header.concatenation
        assert element is not None
        assert element.reference == message.reference


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_of_a_fork_counts_on() -> None:
    """However busy other threads keep a counter at the moment of a fork, the child can use it, and counts on."""
    counter = ReferenceCounter(wide=True)
    stop = Event()

    def busy() -> None:
        while not stop.is_set():
            counter.next("busy")

    threads = [Thread(target=busy) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(20):
            assert counter.next("mine") == number
            child = os.fork()
            if child == 0:
                signal.alarm(10)  # ends a child that waits for ever
                os._exit(0 if counter.next("mine") == number + 1 else 1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()
