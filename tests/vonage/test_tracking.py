"""From a send to the state of the whole message: the client's result, the simulator's receipts, and the tracker."""

from __future__ import annotations

import pytest

from smscodec.delivery import DeliveryTracker, Whole
from smscodec.simulator import Simulator
from smscodec.vonage import Client, Credentials, DeliveryReceipt, TextMessage, parse_webhook
from tests.vonage.hooks import hooked

CREDENTIALS = Credentials("abcd1234", "abcdef0123456789")


def tracked(ending: int) -> tuple[list[str], list[Whole]]:
    """The message ids of a message of three parts to a number of that ending, and what its receipts lead to."""
    tracker = DeliveryTracker(max_age=3600, max_pending=10)
    with hooked() as hook, Simulator(receipt_url=hook.url) as sim:
        result = Client(CREDENTIALS, base_url=sim.url).send(TextMessage(f"44770090{ending}", "AcmeInc", "a" * 400))
        ids = [part.message_id for part in result.accepted]
        ended = [*tracker.sent("order 7", ids, now=0)]
        sim.settle()
    for call in hook.calls:
        receipt = parse_webhook(call.method, call.query, call.content_type, call.body)
        assert isinstance(receipt, DeliveryReceipt)
        ended += tracker.receipt(receipt.message_id, receipt.status, final=bool(receipt.is_final), now=1)
    return ids, [*ended, *tracker.expire(now=3602)]


@pytest.mark.parametrize(
    ("ending", "state", "missing", "reason"),
    [
        (9000, "delivered", (), "final"),
        (8006, "rejected", (1, 2, 3), "final"),
        (8001, "unknown", (1, 2, 3), "expired"),
        (7007, "delivered", (), "final"),
        (7008, "delivered", (), "final"),
        (7009, "failed", (3,), "final"),
        (7010, "delivered", (), "final"),
    ],
)
def test_receipts_lead_to_the_state_of_the_whole(
    ending: int, state: str, missing: tuple[int, ...], reason: str
) -> None:
    """Whatever receipts a message gets, it ends once: by them where they are final, or by its age."""
    ids, ended = tracked(ending)
    (whole,) = ended
    assert (whole.key, whole.state, whole.missing, whole.reason) == ("order 7", state, missing, reason)
    assert [part for part, _ in whole.parts] == ids
