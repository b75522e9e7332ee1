"""The error tree as values: every error survives copies and shows nothing of what it holds."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Final

import pytest

from smscodec import vonage
from smscodec.vonage import errors
from smscodec.vonage.errors import (
    HttpError,
    MalformedResponse,
    OutcomeUnknown,
    SignatureError,
    VonageError,
)
from smscodec.vonage.response import PartialFailure, SendError, SendResult, SentPart, Throttled

RESULT: Final = SendResult(
    (
        SentPart(
            1,
            message_id="0A0000000123ABCD1",
            to="447700900000",
            message_price=Decimal("0.0333"),
            error_text="secret",
            client_ref="secret",
            other={"x": "secret"},
        ),
    )
)


def every_error() -> list[VonageError]:
    """One error of each class."""
    return [
        VonageError("m"),
        SignatureError("stale", "m"),
        errors.RequestError("text", "m", index=3, character="X"),
        errors.TransportError("m"),
        errors.ConnectFailed("m"),
        OutcomeUnknown("m", status=502),
        HttpError(429, body=b"secret"),
        MalformedResponse("m", body=b"secret"),
        errors.MalformedWebhook("m"),
        PartialFailure(RESULT),
        SendError(RESULT),
        Throttled(RESULT),
    ]


def test_every_error_is_tried() -> None:
    """The errors tried below are all there are."""
    public = {getattr(vonage, name) for name in vonage.__all__ if isinstance(getattr(vonage, name), type)}
    assert {type(error) for error in every_error()} == {kind for kind in public if issubclass(kind, Exception)}


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
def test_errors_survive_copies(error: VonageError) -> None:
    """Every error comes back whole from pickle and deepcopy, and shows nothing of what it holds."""
    for other in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error), copy.copy(error)):
        assert type(other) is type(error)
        assert (str(other), other.args, vars(other)) == (str(error), error.args, vars(error))
    assert error.args == (error.message,) == (str(error),)
    assert "secret" not in str(error) + repr(error) + repr(error.args)


def test_what_an_error_was_not_given_is_none_or_empty() -> None:
    """An error that is made without a body, a status or a place has none."""
    assert HttpError(429).body == MalformedResponse("m").body == b""
    assert OutcomeUnknown("m").status is None
    assert (errors.RequestError("to", "m").index, errors.RequestError("to", "m").character) == (None, None)


def test_a_status_that_is_not_listed_has_no_words() -> None:
    """Name, meaning and resolution are empty, and the error says why."""
    error = SendError(SendResult((SentPart(77, error_text="private"),)))
    assert (error.status, error.name, error.meaning, error.resolution) == (77, "", "", "")
    assert (str(error), error.text) == ("status 77, a status that is not listed", "private")


def test_results_show_no_number_or_text() -> None:
    """A result that is printed shows statuses, ids and prices, and neither numbers nor texts."""
    shown = repr(RESULT) + str(RESULT) + repr(PartialFailure(RESULT))
    assert "447700900000" not in shown
    assert "secret" not in shown
    assert "0A0000000123ABCD1" in shown
