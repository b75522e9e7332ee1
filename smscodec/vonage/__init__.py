"""The Nexmo (now Vonage) SMS API: build, sign and send requests, read replies, read and assemble webhooks.

Requests, signatures, replies and webhooks are values and functions that serve any HTTP stack; only the transport and
the client touch a socket.
"""

from smscodec.vonage.client import Client, Retry
from smscodec.vonage.credentials import AuthPlacement, Credentials
from smscodec.vonage.errors import (
    ConnectFailed,
    HttpError,
    MalformedResponse,
    MalformedWebhook,
    OutcomeUnknown,
    RequestError,
    SignatureError,
    TransportError,
    VonageError,
)
from smscodec.vonage.http import HttpRequest, HttpResponse, Transport
from smscodec.vonage.inbound import InboundAssembler, IncompleteInbound
from smscodec.vonage.request import BinaryMessage, TextMessage, VCalendarMessage, VCardMessage, WapPushMessage
from smscodec.vonage.response import PartialFailure, SendError, SendResult, SentPart, Throttled, parse_response
from smscodec.vonage.signature import SignatureMethod, base_string, sign, signed, verify
from smscodec.vonage.statuses import DELIVERY_ERRORS, STATUSES, StatusInfo
from smscodec.vonage.transport import UrllibTransport
from smscodec.vonage.web import from_asgi, from_wsgi
from smscodec.vonage.webhook import DeliveryReceipt, EmptyWebhook, InboundMessage, UnknownWebhook, parse_webhook

__all__ = [
    "DELIVERY_ERRORS", "STATUSES", "AuthPlacement", "BinaryMessage", "Client", "ConnectFailed", "Credentials",
    "DeliveryReceipt", "EmptyWebhook", "HttpError", "HttpRequest", "HttpResponse", "InboundAssembler", "InboundMessage",
    "IncompleteInbound", "MalformedResponse", "MalformedWebhook", "OutcomeUnknown", "PartialFailure", "RequestError",
    "Retry", "SendError", "SendResult", "SentPart", "SignatureError", "SignatureMethod", "StatusInfo", "TextMessage",
    "Throttled", "Transport", "TransportError", "UnknownWebhook", "UrllibTransport", "VCalendarMessage", "VCardMessage",
    "VonageError", "WapPushMessage", "base_string", "from_asgi", "from_wsgi", "parse_response", "parse_webhook", "sign",
    "signed", "verify",
]  # fmt: skip
