"""Tables that C reads stay where they are while it reads them, though another thread makes the same ones meanwhile."""

from __future__ import annotations

import weakref
from array import array
from typing import Any

import pytest

from smscodec import gsm7
from smscodec.batch import encode_many, encode_utf8
from smscodec.tables import DEFAULT_TABLES
from tests.counting import NEEDS_C

pytestmark = NEEDS_C


@pytest.mark.parametrize("as_column", [False, True], ids=["list", "column"])
def test_tables_of_a_choice_outlive_the_cache(monkeypatch: pytest.MonkeyPatch, as_column: bool) -> None:
    """The buffers behind a choice of national tables are held until C returns, and not by the cache alone."""
    from smscodec._kernels import _c_national  # needs the kernels

    module: Any = _c_national
    compiled, held = module.lib, list[bool]()

    class WithAnotherThread:
        """C, and another thread that has looked into the cache before the tables were there."""

        @staticmethod
        def smscodec_choose(*arguments: Any) -> None:
            lent = [weakref.ref(buffer) for buffer in _c_national._lent()]
            _c_national._lent.cache_clear()
            held.extend(buffer() is not None for buffer in lent)
            compiled.smscodec_choose(*arguments)

    monkeypatch.setattr(_c_national, "lib", WithAnotherThread)
    text = "ş" * 100
    if as_column:
        batch = encode_utf8(text.encode(), array("i", [0, 200]), references=7, languages="tr")
    else:
        batch = encode_many([text], references=7, languages="tr")
    assert len(batch.tp_udl) == 1
    assert held == [True] * 3


def test_pages_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that make the pages of the same tables at the same time use those of one of them."""
    from smscodec._kernels import _c_octets  # needs the kernels

    make, codes = _c_octets._pages, gsm7.codes()
    others = []

    def made_by_both(known: Any) -> Any:
        monkeypatch.setattr(_c_octets, "_pages", make)
        others.append(_c_octets.pages_of(DEFAULT_TABLES, codes))
        return make(known)

    monkeypatch.setattr(_c_octets, "_known", {})
    monkeypatch.setattr(_c_octets, "_pages", made_by_both)
    assert _c_octets.pages_of(DEFAULT_TABLES, codes) is others[0]
    assert _c_octets.pages_of(DEFAULT_TABLES, codes) is others[0]
