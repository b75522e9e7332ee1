"""A stand-in for the SMS API on this machine, for tests and for a first run without an account.

A real HTTP server on loopback that checks requests as the service does, answers like it, calls webhooks with delivery
receipts and inbound messages, and gives every error: the number that a message is for chooses it. It reads requests by
its own code, written from the specification, so that a mistake of the client shows.
"""

from smscodec.simulator.outcomes import Accept, Drop, HttpFault, Outcome, PartlyRefuse, Refuse
from smscodec.simulator.records import (
    Attempt,
    CallbackKind,
    CallbackMethod,
    CallbackState,
    RecordedCallback,
    RecordedMessage,
    RecordedRequest,
)
from smscodec.simulator.simulator import Simulator

__all__ = [
    "Accept",
    "Attempt",
    "CallbackKind",
    "CallbackMethod",
    "CallbackState",
    "Drop",
    "HttpFault",
    "Outcome",
    "PartlyRefuse",
    "RecordedCallback",
    "RecordedMessage",
    "RecordedRequest",
    "Refuse",
    "Simulator",
]
