"""What the numbers of the service mean, as data: statuses of a reply, codes of a delivery receipt.

Descriptions and resolutions are in our own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from smscodec._values import Value

__all__ = ["DELIVERY_ERRORS", "STATUSES", "StatusInfo"]


@dataclass(frozen=True, slots=True)
class StatusInfo(Value):
    """What a number of the service means: a status of a reply, or an ``err-code`` of a delivery receipt.

    ``resolution`` is what to do about it, empty for delivery errors. ``retryable``: nothing was accepted, and the same
    request may succeed a little later.

    >>> STATUSES[1].name, STATUSES[1].retryable
    ('Throttled', True)
    >>> DELIVERY_ERRORS[6].name
    'Anti-Spam Rejection'
    """

    name: str
    description: str
    resolution: str = ""
    retryable: bool = False


STATUSES: Final[Mapping[int, StatusInfo]] = MappingProxyType({
    0: StatusInfo("Success", "The segment was accepted for delivery.", "Nothing is to be done."),
    1: StatusInfo("Throttled", "More messages a second were sent than the account may send.",
        "Wait as long as the reply says, then send again; send more slowly or ask for a higher limit.", retryable=True),
    2: StatusInfo("Missing Parameters",
        "A required parameter is not there: from, to, api_key, api_secret or the content.",
        "Add it; the reply's own text usually names it."),
    3: StatusInfo("Invalid Parameters", "A parameter has a value that the service does not take.",
        "Correct it; the reply's own text usually names it."),
    4: StatusInfo("Invalid Credentials",
        "The API key and secret do not belong together, or the account is switched off.",
        "Compare both with the account's settings."),
    5: StatusInfo("Internal Error", "Something failed inside the service while it worked on the message.",
        "Find out whether the message arrived before sending it again; if it keeps failing, ask the support."),
    6: StatusInfo("Invalid Message",
        "The service could not work on the message, for example because no network has the number's prefix.",
        "Check the number and the content."),
    7: StatusInfo("Number Barred", "The recipient's number is on a list of numbers that get no messages.",
        "Do not send to this number."),
    8: StatusInfo("Partner Account Barred", "The account has been suspended.",
        "Ask the service's support for the reason."),
    9: StatusInfo("Partner Quota Violation", "The account's credit does not cover the message.",
        "Add credit, then send again."),
    10: StatusInfo("Too Many Existing Binds", "The account has more connections open at once than it may have.",
        "Close some or wait a little, then send again.", retryable=True),
    11: StatusInfo("Account Not Enabled For HTTP", "The account may not send through this API.",
        "Use SMPP, or have the account enabled."),
    12: StatusInfo("Message Too Long", "The message is longer than the service takes.",
        "Shorten it, or send it as several."),
    14: StatusInfo("Invalid Signature", "The signature does not match the request.",
        "Check the signature secret, the method set for the account, and the clock."),
    15: StatusInfo("Invalid Sender Address",
        "The account may not send under this sender, or the recipient's country does not allow it.",
        "Use a number of the account, as North America requires, or register the sender."),
    17: StatusInfo("Message Blocked by Provider",
        "The carrier or messaging provider refused the message, for its content or by a rule of its own.",
        "Change the content or ask the service's support which rule applies."),
    22: StatusInfo("Invalid Network Code", "The network code is unknown or belongs to another country than the number.",
        "Correct it or leave it out."),
    23: StatusInfo("Invalid Callback Url",
        "The URL for delivery receipts is too long or has characters that no URL may have.",
        "Give a correct URL of at most 100 characters."),
    29: StatusInfo("Non-Whitelisted Destination", "A trial account may send only to the numbers it has listed.",
        "List the number, or add credit to end the trial."),
    32: StatusInfo("Signature And API Secret Disallowed", "The request has both a signature and the API secret.",
        "Sign it and leave the secret out, or send the secret and no signature."),
    33: StatusInfo("Number De-activated", "The recipient's number is no longer in use.",
        "Do not send to this number until it is given out again."),
})  # fmt: skip
"""The statuses of a reply: 0, the nineteen of specification 1.0.0, and 17 of 1.5.1. Others may come."""

DELIVERY_ERRORS: Final[Mapping[int, StatusInfo]] = MappingProxyType({
    0: StatusInfo("Delivered", "The message arrived."),
    1: StatusInfo("Unknown", "It failed and nobody said why."),
    2: StatusInfo("Absent Subscriber, Temporary", "The handset could not be reached for the time being."),
    3: StatusInfo("Absent Subscriber, Permanent", "The number is not in use any more."),
    4: StatusInfo("Call Barred by User", "The recipient does not take such messages."),
    5: StatusInfo("Portability Error", "The number has moved to another network and was not found there."),
    6: StatusInfo("Anti-Spam Rejection", "A carrier's spam filter stopped it."),
    7: StatusInfo("Handset Busy", "The handset was busy when the message came."),
    8: StatusInfo("Network Error", "A network on the way failed."),
    9: StatusInfo("Illegal Number", "The number may not be sent to."),
    10: StatusInfo("Illegal Message", "The message is one that a network on the way does not carry."),
    11: StatusInfo("Unroutable", "No way to the recipient's network was found."),
    12: StatusInfo("Destination Unreachable", "The recipient could not be reached."),
    13: StatusInfo("Age Restriction", "The recipient may not get content for adults."),
    14: StatusInfo("Blocked by Carrier", "The number is blocked by its carrier."),
    15: StatusInfo("Prepaid Insufficient Funds", "The recipient's prepaid credit did not suffice."),
    16: StatusInfo("Gateway Quota Exceeded", "A gateway on the way has used up its quota."),
    50: StatusInfo("Entity Filter", "The entity-id was missing or not registered."),
    51: StatusInfo("Header Filter", "The sender was missing or not registered."),
    52: StatusInfo("Content Filter", "The content-id was missing, or the text does not match it."),
    53: StatusInfo("Consent Filter", "The recipient has not consented to such messages."),
    54: StatusInfo("Regulation Error", "A rule of the recipient's country forbids it."),
    99: StatusInfo("General Error", "It failed for a reason that has no code of its own."),
})  # fmt: skip
"""The codes of ``err-code``; 16 is seen and is not in the vendor's table. Others may come."""
