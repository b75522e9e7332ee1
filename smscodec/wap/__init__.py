"""The classic binary messages: WAP push Service Indication, vCard and vCalendar, each sent to its port.

The data coding scheme of these messages is 8-bit: 0x04, or 0xF5 as phones did.

>>> parse_service_indication(service_indication("News", "http://a.example/")[0].user_data.payload).text
'News'

Reference: WAP-235-PushOTA; WAP-230-WSP, 8.2.4; 3GPP TS 23.040, 9.2.3.24.4
"""

from smscodec.wap._cards import vcalendar, vcard
from smscodec.wap._ports import PUSH_PORT, VCALENDAR_PORT, VCARD_PORT, WSP_PORT
from smscodec.wap._push import parse_service_indication, service_indication
from smscodec.wap._service_indication import Action, ServiceIndication

__all__ = [
    "PUSH_PORT",
    "VCALENDAR_PORT",
    "VCARD_PORT",
    "WSP_PORT",
    "Action",
    "ServiceIndication",
    "parse_service_indication",
    "service_indication",
    "vcalendar",
    "vcard",
]
