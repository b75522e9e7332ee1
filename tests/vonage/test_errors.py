"""The error tree as values: every error survives copies and shows nothing of what it holds."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Any, Final

import pytest

from smscodec.vonage import errors
from smscodec.vonage.errors import (
    SEND_ERRORS,
    HttpError,
    MalformedResponse,
    OutcomeUnknown,
    PartialFailure,
    SendError,
    SignatureError,
    Throttled,
    VonageError,
)
from smscodec.vonage.response import SendResult, SentPart

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
    send: dict[str, Any] = {"status": 1, "name": "n", "text": "secret", "result": RESULT}
    made: list[VonageError] = [
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
        SendError("m", **send),
    ]
    for error_class in SEND_ERRORS.values():
        more: dict[str, Any] = {"wait": 0.5} if error_class is Throttled else {}
        made.append(error_class("m", **send, **more))
    return made


def test_every_error_is_tried() -> None:
    """The errors tried below are all there are."""
    assert {type(error).__name__ for error in every_error()} == {
        name for name in errors.__all__ if isinstance(getattr(errors, name), type)
    }


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
def test_errors_survive_copies(error: VonageError) -> None:
    """Every error comes back whole from pickle and deepcopy, and shows nothing of what it holds."""
    for other in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error), copy.copy(error)):
        assert type(other) is type(error)
        assert (str(other), other.args, vars(other)) == (str(error), error.args, vars(error))
    assert "secret" not in str(error) + repr(error) + repr(error.args)


def test_results_show_no_number_or_text() -> None:
    """A result that is printed shows statuses, ids and prices, and neither numbers nor texts."""
    shown = repr(RESULT) + str(RESULT) + repr(PartialFailure(RESULT))
    assert "447700900000" not in shown
    assert "secret" not in shown
    assert "0A0000000123ABCD1" in shown
