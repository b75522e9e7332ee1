"""Signing and verifying: vectors of nine SDK builds and of OpenSSL, properties, and every malformed input."""

from __future__ import annotations

import copy
import hashlib
import hmac
import time
import traceback
from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smscodec.vonage.errors import RequestError, SignatureError
from smscodec.vonage.signature import SignatureMethod, base_string, sign, signed, verify
from tests.rows import each_row
from tests.vonage.vectors import SIGNATURES

SECRET = "my_secret_key_for_testing"
NOW = 1_461_605_396
METHODS = list(SignatureMethod)
VECTORS = [
    pytest.param(case, SignatureMethod(method), id=f"{case['name']}-{method}")
    for case in SIGNATURES
    for method in case["signatures"]
]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.one_of(texts, st.sampled_from(["&", "=", "_", "&a=b", ""]), st.booleans(), st.integers(-(10**9), 10**9))
names = texts.filter(lambda name: not set(name) & set("&=") and name not in {"sig", "api_secret", "timestamp"})
parameters = st.dictionaries(names, values, max_size=6)
secrets = texts.filter(bool)
methods = st.sampled_from(METHODS)


def reason(
    params: Mapping[str, object], *, secret: str = SECRET, now: float = NOW, method: SignatureMethod = METHODS[0]
) -> str:
    """The reason for which verify refuses; fails if it does not."""
    with pytest.raises(SignatureError) as caught:
        verify(params, secret, method, now=now)
    assert caught.value.__context__ is None
    return caught.value.reason


def example(method: SignatureMethod = METHODS[0], **more: object) -> dict[str, str]:
    """A signed request."""
    return signed({"api_key": "abcd1234", "text": "Hello", **more}, SECRET, method, timestamp=NOW)


@each_row(("case", "method"), VECTORS)
def test_vectors(case: dict[str, Any], method: SignatureMethod) -> None:
    """Every signature of the vector file is computed, in lower case."""
    assert sign(case["params"], case["secret"], method) == case["signatures"][method.value]


@each_row(("case", "method"), VECTORS)
def test_vectors_verify_in_either_case(case: dict[str, Any], method: SignatureMethod) -> None:
    """A signature of the vector file verifies in lower and in upper case: the service sends both."""
    signature = case["signatures"][method.value]
    for written in (signature, signature.upper()):
        verify({**case["params"], "sig": written}, case["secret"], method, tolerance=None)


@pytest.mark.parametrize("case", [case for case in SIGNATURES if "base_string" in case], ids=lambda case: case["name"])
def test_base_strings(case: dict[str, Any]) -> None:
    """The text that is hashed is the one written by hand in the vector file."""
    assert base_string(case["params"]) == case["base_string"]


def test_vectors_cover_every_method() -> None:
    """Each case of the vector file has a signature for each of the five methods."""
    assert {tuple(case["signatures"]) for case in SIGNATURES} == {("md5hash", "md5", "sha1", "sha256", "sha512")}


@given(parameters, secrets, methods)
def test_signed_verifies(params: dict[str, object], secret: str, method: SignatureMethod) -> None:
    """What was signed is verified, whatever the parameters, the secret and the method."""
    verify(signed(params, secret, method, timestamp=NOW), secret, method, now=NOW)


@given(parameters, secrets, methods, st.randoms(use_true_random=False))
def test_order_does_not_matter(params: dict[str, object], secret: str, method: SignatureMethod, random: Any) -> None:
    """The order of the mapping does not change the signature."""
    shuffled = list(params.items())
    random.shuffle(shuffled)
    assert sign(dict(shuffled), secret, method) == sign(params, secret, method)


@given(parameters, parameters, methods)
def test_change_of_base_string_fails(
    params: dict[str, object], others: dict[str, object], method: SignatureMethod
) -> None:
    """A signature holds for other parameters only where their base string is the same."""
    wire = signed(params, SECRET, method, timestamp=NOW)
    other = {**others, "timestamp": wire["timestamp"], "sig": wire["sig"]}
    assume(base_string(other) != base_string(wire))
    assert reason(other, method=method) == "mismatch"


@given(st.dictionaries(names, texts.filter(bool), min_size=2, max_size=6), methods, st.data())
def test_exchanged_names_fail(params: dict[str, str], method: SignatureMethod, data: st.DataObject) -> None:
    """Exchanging the values of two names breaks the signature, unless they are alike to it."""
    wire = signed(params, SECRET, method, timestamp=NOW)
    first, second = data.draw(st.permutations(sorted(params)))[:2]
    assume(params[first].translate(str.maketrans("&=", "__")) != params[second].translate(str.maketrans("&=", "__")))
    assert reason({**wire, first: wire[second], second: wire[first]}, method=method) == "mismatch"


@given(parameters, methods, st.text("&=_", min_size=1, max_size=8), st.text("&=_", min_size=1, max_size=8))
def test_separators_in_values_are_interchangeable(
    params: dict[str, object], method: SignatureMethod, one: str, other: str
) -> None:
    """``&``, ``=`` and ``_`` in a value sign alike; the protocol has it so, and a verifier cannot tell them apart."""
    other = (other * len(one))[: len(one)]
    assert sign({**params, "text": one}, SECRET, method) == sign({**params, "text": other}, SECRET, method)


@given(parameters, methods)
def test_nothing_is_mutated(params: dict[str, object], method: SignatureMethod) -> None:
    """No function changes the mapping that it was given."""
    given_params = copy.deepcopy(params)
    wire = signed(params, SECRET, method, timestamp=NOW)
    given_wire = dict(wire)
    verify(wire, SECRET, method, now=NOW)
    assert (params, wire) == (given_params, given_wire)


@given(parameters, methods)
def test_none_is_dropped(params: dict[str, object], method: SignatureMethod) -> None:
    """A None is the same as no parameter at all."""
    assert sign({**params, "ttl": None}, SECRET, method) == sign(
        {name: value for name, value in params.items() if name != "ttl"}, SECRET, method
    )


@pytest.mark.parametrize("method", METHODS)
def test_definition(method: SignatureMethod) -> None:
    """MD5_HASH is the digest of text and secret; the other methods are HMAC under the secret."""
    text, secret = b"&a=1&timestamp=2", SECRET.encode()
    expected = (
        hashlib.md5(text + secret, usedforsecurity=False).hexdigest()
        if method is SignatureMethod.MD5_HASH
        else hmac.new(secret, text, method.value).hexdigest()
    )
    assert sign({"timestamp": 2, "a": "1"}, SECRET, method) == expected


def test_signed_is_ready_for_the_wire() -> None:
    """``signed`` gives texts, with the timestamp, without None, empty values, the api_secret and an earlier sig."""
    params = {
        "api_key": "k",
        "ttl": 20_000,
        "status-report-req": False,
        "trusted-number": True,
        "callback": None,
        "client-ref": "",
        "api_secret": "s",
        "sig": "old",
        "timestamp": "1",
    }
    wire = signed(params, SECRET, SignatureMethod.MD5_HMAC, timestamp=NOW)
    assert wire.pop("sig") == sign(wire, SECRET, SignatureMethod.MD5_HMAC)
    assert wire == {
        "api_key": "k",
        "ttl": "20000",
        "status-report-req": "false",
        "trusted-number": "true",
        "timestamp": str(NOW),
    }


@pytest.mark.parametrize("function", [sign, lambda *args: verify(*args, now=NOW)], ids=["sign", "verify"])
@pytest.mark.parametrize("secret", ["", None, b"octets", "\ud800"], ids=ascii)
def test_unusable_secret_is_refused(function: Any, secret: Any) -> None:
    """An empty secret, or one that is no text, is refused by sign and by verify alike."""
    with pytest.raises(SignatureError) as caught:
        function(example(), secret, METHODS[0])
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize(
    "params",
    [
        {"price": 1.5},
        {"to": ["1", "2"]},
        {"text": b"octets"},
        {"a&b": "1"},
        {"a=b": "1"},
        {5: "1"},
        {"text": "\ud800"},
        {"n": 2**70},
    ],
    ids=ascii,
)
def test_what_cannot_be_signed_is_refused(params: Any) -> None:
    """Floats, lists, octets, names with a separator, lone surrogates and absurd numbers are refused on both sides."""
    with pytest.raises(SignatureError) as caught:
        sign({**params, "timestamp": NOW}, SECRET, METHODS[0])
    assert caught.value.reason == "malformed"
    assert reason({**example(), **params}) == "malformed"


@pytest.mark.parametrize("timestamp", [True, 1.5, "now", -1, 10**12, None])
def test_signed_refuses_a_timestamp_that_is_no_unix_time(timestamp: Any) -> None:
    """``signed`` takes whole Unix seconds and nothing else."""
    with pytest.raises(SignatureError):
        signed({}, SECRET, METHODS[0], timestamp=timestamp)


@pytest.mark.parametrize("change", [{"sig": None}, {"sig": ""}, {"timestamp": None}, {"timestamp": ""}], ids=ascii)
def test_missing(change: dict[str, Any]) -> None:
    """Without a sig or a timestamp, or with an empty one, the reason is "missing"."""
    assert reason({**example(), **change}) == "missing"
    (name,) = change
    assert reason({key: value for key, value in example().items() if key != name}) == "missing"


@pytest.mark.parametrize(
    "change",
    [
        {"sig": ["a"]},
        {"sig": 5},
        {"sig": b"00"},
        {"sig": "é"},
        {"sig": "\ud800"},
        {"timestamp": "soon"},
        {"timestamp": "1.5"},
        {"timestamp": 1.5},
        {"timestamp": "-1"},
        {"timestamp": " 1"},
        {"timestamp": "١٢٣"},
        {"timestamp": True},
        {"timestamp": ["1"]},
        {"timestamp": "9" * 5000},
    ],
    ids=lambda change: ascii(change)[:40],
)
def test_malformed(change: dict[str, Any]) -> None:
    """A sig that is no ASCII text and a timestamp that is no number have the reason "malformed"."""
    assert reason({**example(), **change}) == "malformed"


@pytest.mark.parametrize("params", [None, [("sig", "a")], "sig=a", 5])
def test_parameters_must_be_a_mapping(params: Any) -> None:
    """Parameters that are no mapping at all are malformed."""
    assert reason(params) == "malformed"


@pytest.mark.parametrize(
    "sig", ["0" * 32, "wrong", example()["sig"][:-1], example()["sig"] + "0", " " + example()["sig"]]
)
def test_mismatch(sig: str) -> None:
    """Another signature, of whatever length, has the reason "mismatch"."""
    assert reason({**example(), "sig": sig}) == "mismatch"


@pytest.mark.parametrize("method", METHODS)
def test_mismatch_of_secret_and_method(method: SignatureMethod) -> None:
    """A signature holds under its own secret and method alone."""
    params = example(method)
    assert reason(params, method=method, secret=SECRET + "x") == "mismatch"
    assert [other for other in METHODS if other is not method and reason(params, method=other) != "mismatch"] == []


@pytest.mark.parametrize(("offset", "holds"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_window_reaches_both_ways(offset: int, holds: bool) -> None:
    """A timestamp may be 300 seconds old or early, and no more."""
    if holds:
        verify(example(), SECRET, METHODS[0], now=NOW + offset)
    else:
        assert reason(example(), now=NOW + offset) == "stale"


def test_window_is_the_callers() -> None:
    """``tolerance`` sets the window, None takes any age, and a clock that is not a number lets nothing through."""
    verify(example(), SECRET, METHODS[0], now=NOW + 1000, tolerance=1000)
    verify(example(), SECRET, METHODS[0], now=0, tolerance=None)
    assert reason(example(), now=float("nan")) == "stale"


def test_clock_is_read_when_no_time_is_given() -> None:
    """Without ``now`` the present is meant."""
    verify(signed({}, SECRET, METHODS[0], timestamp=int(time.time())), SECRET, METHODS[0])
    with pytest.raises(SignatureError, match="outside the window"):
        verify(example(), SECRET, METHODS[0])


def test_reasons_come_in_order() -> None:
    """Of several faults the first in the order missing, malformed, mismatch, stale is told."""
    stale = NOW + 1000
    faults: list[tuple[dict[str, object], str]] = [
        ({"sig": None, "timestamp": "x", "text": 1.5}, "missing"),
        ({"sig": ["a"], "timestamp": None}, "missing"),
        ({"sig": "00", "timestamp": "x"}, "malformed"),
        ({"sig": "00", "text": 1.5}, "malformed"),
        ({"sig": "00"}, "mismatch"),
        ({}, "stale"),
    ]
    assert [reason({**example(), **change}, now=stale) for change, _ in faults] == [expected for _, expected in faults]


def test_comparison_is_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures are compared by ``hmac.compare_digest``, on octets."""
    compared: list[tuple[object, object]] = []

    def compare(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return left == right

    monkeypatch.setattr(hmac, "compare_digest", compare)
    params = example()
    verify({**params, "sig": params["sig"].upper()}, SECRET, METHODS[0], now=NOW)
    assert compared == [(params["sig"].encode(), params["sig"].encode())]


@given(parameters, st.sampled_from(["sig", "text", "timestamp"]))
def test_errors_show_nothing(params: dict[str, object], name: str) -> None:
    """No error shows the secret or a value, not even in its traceback."""
    secret, value = "never-shown-1", "never-shown-2\ud800"
    with pytest.raises(SignatureError) as caught:
        verify({**signed(params, secret, METHODS[0], timestamp=NOW), name: value}, secret, METHODS[0], now=NOW)
    error = caught.value
    assert error.__context__ is None
    assert "never-shown" not in repr(error) + repr(error.args) + "".join(traceback.format_exception_only(error))


def test_replay_is_the_callers_to_refuse() -> None:
    """A request repeated inside the window verifies again; remembering nonces is how a caller refuses it."""
    seen: set[str] = set()
    params = example(nonce="aaaaaaaa-bbbb")

    def accept(request: Mapping[str, str]) -> bool:
        verify(request, SECRET, METHODS[0], now=NOW)
        fresh = request["nonce"] not in seen
        seen.add(request["nonce"])
        return fresh

    assert [accept(params), accept(params)] == [True, False]


@pytest.mark.parametrize("method", ["sha256", None, "SHA256_HMAC"])
def test_method_is_a_signature_method(method: Any) -> None:
    """A word in place of a SignatureMethod is the caller's slip, and named as such whatever the parameters are."""
    several: list[dict[str, object]] = [{"sig": "00", "timestamp": "1"}, {}, {"sig": ["a"]}]
    checks: list[Any] = [partial(verify, params) for params in several]
    for call in (*checks, partial(sign, several[0]), partial(signed, several[0], timestamp=1)):
        with pytest.raises(RequestError) as caught:
            call("secret", method)
        assert caught.value.field == "method"


@pytest.mark.parametrize("method", METHODS)
def test_hosts_that_forbid_weak_digests(method: SignatureMethod, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the host forbids MD5 and SHA-1 to guard anything, every method gives the same signature."""
    expected = sign({"text": "Hello"}, SECRET, method)
    new = hashlib.new

    def strict(name: str, data: bytes = b"", *, usedforsecurity: bool = True) -> Any:
        if usedforsecurity and name in ("md5", "sha1"):
            raise ValueError(f"{name} is disabled")
        return new(name, data, usedforsecurity=usedforsecurity)

    monkeypatch.setattr(hashlib, "new", strict)
    assert sign({"text": "Hello"}, SECRET, method) == expected


def test_mapping_may_be_of_any_kind() -> None:
    """A mapping that is no dict is signed and verified as well."""

    class Form(Mapping[str, str]):
        def __init__(self, items: dict[str, str]) -> None:
            self._items = items

        def __getitem__(self, name: str) -> str:
            return self._items[name]

        def __iter__(self) -> Any:
            return iter(self._items)

        def __len__(self) -> int:
            return len(self._items)

    verify(cast("Mapping[str, object]", Form(example())), SECRET, METHODS[0], now=NOW)
