"""The checks of the service's stand-in, in the service's order, each with the status it gives.

api_key (2), sig with secret (32), signature (14) or secret (4), from, to and the body (2), types, ranges and
hexadecimal (3), prefix (6), sender (15), length (12), callback (23). Written from the API's specification alone; the
client's own checks are not used here. Reference: SMS API 1.0.0 and 1.5.1, NewMessage and x-errors.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from smscodec.simulator.reading import Reading
from smscodec.vonage.errors import SignatureError
from smscodec.vonage.signature import SignatureMethod, verify

__all__ = ["Account", "Refusal", "first_refusal", "is_webhook"]

MAX_TEXT = 3200
MAX_BINARY_OCTETS = 140
MAX_CALLBACK = 100
MAX_CLIENT_REF = 100
SIGNATURE_WINDOW = 300

NEEDED_BY_TYPE: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "unicode": ("text",),
    "binary": (),  # body, or udh alone
    "wappush": ("title", "url"),
    "vcard": ("vcard",),
    "vcal": ("vcal",),
}
CONTENT = ("text", "title", "url", "vcard", "vcal")
RANGES: dict[str, tuple[int, int]] = {
    "ttl": (20_000, 604_800_000),
    "message-class": (0, 3),
    "protocol-id": (0, 255),
    "validity": (0, 2**63 - 1),
}
BOOLEANS = ("status-report-req", "trusted-number")
DIGITS = re.compile(r"[0-9]+")
NUMBER = re.compile(r"[0-9]{7,15}")
HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})*")
WEBHOOK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
# Country codes begin with 1 to 9, and 999 is not assigned to any country.
UNROUTABLE = ("0", "999")


@dataclass(frozen=True, slots=True)
class Account:
    """The one account that the stand-in knows."""

    api_key: str
    api_secret: str = field(repr=False)
    signature_secret: str | None = field(default=None, repr=False)
    signature_method: SignatureMethod = SignatureMethod.MD5_HASH


@dataclass(frozen=True, slots=True)
class Refusal:
    """An API status other than 0 and the error text that goes with it."""

    status: int
    text: str


def first_refusal(reading: Reading, account: Account, *, now: float) -> Refusal | None:
    """The first check that the request fails, or None when it passes them all.

    ``now`` is the service's time in Unix seconds, for the signature's window.
    """
    refusal = _authentication(reading, account, now)
    if refusal is not None:
        return refusal
    for check in MESSAGE_CHECKS:
        refusal = check(reading.params)
        if refusal is not None:
            return refusal
    return None


def is_webhook(url: object) -> bool:
    """Whether a webhook can be called there: http or https, a host, a port that can be, ASCII, no blank."""
    if not isinstance(url, str) or not WEBHOOK.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _authentication(reading: Reading, account: Account, now: float) -> Refusal | None:
    header_key, header_secret = reading.basic or (None, None)
    key = reading.params.get("api_key") or header_key
    secret = reading.params.get("api_secret") or header_secret
    signed = "sig" in reading.params
    if not key:
        return Refusal(2, "Missing api_key")
    if not signed and not secret:
        return Refusal(2, "Missing api_secret")
    if signed and secret:
        return Refusal(32, "Signature And API Secret Disallowed")
    # Checked for signed requests too: a signature speaks for the account it was made for.
    if not _same(key, account.api_key) or header_key not in (None, key):
        return Refusal(4, "Bad Credentials")
    if signed:
        return _signature(reading.params, account, now)
    return None if _same(secret or "", account.api_secret) else Refusal(4, "Bad Credentials")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode(errors="surrogatepass"))


def _signature(params: Mapping[str, str], account: Account, now: float) -> Refusal | None:
    if account.signature_secret is None:
        return Refusal(14, "Invalid Signature")
    try:
        verify(params, account.signature_secret, account.signature_method, now=now, tolerance=SIGNATURE_WINDOW)
    except SignatureError:
        return Refusal(14, "Invalid Signature")
    return None


def _presence(params: Mapping[str, str]) -> Refusal | None:
    # A type that does not exist needs nothing here: it is refused as a value, one check later.
    needed = NEEDED_BY_TYPE.get(params.get("type", "text"), ())
    for name in ("from", "to", *needed):
        if not params.get(name):
            return Refusal(2, f"Missing {name} param")
    if params.get("type") == "binary" and not (params.get("body") or params.get("udh")):
        return Refusal(2, "Missing body param")
    return None


def _values(params: Mapping[str, str]) -> Refusal | None:
    for name, holds in VALUE_CHECKS.items():
        if name in params and not holds(params[name]):
            return _invalid(name)
    for name, (lowest, highest) in RANGES.items():
        if name in params and not _in_range(params[name], lowest, highest):
            return _invalid(name)
    for name in BOOLEANS:
        if name in params and params[name].lower() not in ("true", "false", "1", "0"):
            return _invalid(name)
    octets = (len(params.get("body", "")) + len(params.get("udh", ""))) // 2
    return _invalid("body") if octets > MAX_BINARY_OCTETS else None


def _invalid(name: str) -> Refusal:
    return Refusal(3, f"Invalid value for param: {name}")


def _in_range(value: str, lowest: int, highest: int) -> bool:
    # Nineteen digits are enough for every range, and keep int() from an absurd number.
    return len(value) <= 19 and DIGITS.fullmatch(value) is not None and lowest <= int(value) <= highest


VALUE_CHECKS: dict[str, Callable[[str], bool]] = {
    "type": NEEDED_BY_TYPE.__contains__,
    "to": lambda value: NUMBER.fullmatch(value) is not None,
    "body": lambda value: HEXADECIMAL.fullmatch(value) is not None,
    "udh": lambda value: HEXADECIMAL.fullmatch(value) is not None,
    # Both come back in the reply, and XML cannot hold control characters.
    "client-ref": lambda value: len(value) <= MAX_CLIENT_REF and value.isprintable(),
    "account-ref": str.isprintable,
}


def _prefix(params: Mapping[str, str]) -> Refusal | None:
    return Refusal(6, "Un-routable message - rejected") if params["to"].startswith(UNROUTABLE) else None


def _sender(params: Mapping[str, str]) -> Refusal | None:
    # The specification says that spaces in an alphanumeric sender are ignored.
    sender = params["from"].replace(" ", "")
    longest = 15 if DIGITS.fullmatch(sender) else 11
    if sender and len(sender) <= longest and sender.isprintable():
        return None
    return Refusal(15, "Illegal Sender Address - rejected")


def _length(params: Mapping[str, str]) -> Refusal | None:
    longest = max(len(params.get(name, "")) for name in CONTENT)
    return Refusal(12, "Message Too Long") if longest > MAX_TEXT else None


def _callback(params: Mapping[str, str]) -> Refusal | None:
    url = params.get("callback")
    if url is None or (len(url) <= MAX_CALLBACK and is_webhook(url)):
        return None
    return Refusal(23, "Invalid callback url")


MESSAGE_CHECKS: tuple[Callable[[Mapping[str, str]], Refusal | None], ...] = (
    _presence,
    _values,
    _prefix,
    _sender,
    _length,
    _callback,
)
