"""oFono over a modem of ours, on a message bus of its own.

Debian packages ``ofono`` and ``dbus``; jeepney (PyPI) speaks to the bus.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

from tests.gateways.modem import Modem, modem_of
from tests.gateways.programs import eventually, program, running
from tests.judges import missing

_BUS: Final = """
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
 <type>system</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
 <policy context="default">
  <allow user="*"/><allow own="*"/><allow send_destination="*"/>
  <allow send_type="method_call"/><allow send_type="signal"/>
  <allow receive_type="method_call"/><allow receive_type="method_return"/>
  <allow receive_type="error"/><allow receive_type="signal"/>
 </policy>
</busconfig>
"""
_ANSWERS: Final = {
    "AT+SIMSTATE?": "+SIMSTATE: 1",
    "AT+CSMS=?": "+CSMS: (0,1)",
    "AT+CSMS?": "+CSMS: 1,1,1,1",
    "AT+CSMS=1": "+CSMS: 1,1,1",
    "AT+CMGF=?": "+CMGF: (0,1)",
    "AT+CPMS=?": '+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")',
    "AT+CNMI=?": "+CNMI: (0-2),(0-3),(0,2,3),(0-2),(0,1)",
    "AT+CREG?": "+CREG: 2,1",
    "AT+CREG=?": "+CREG: (0-2)",
    "AT+CSCS=?": '+CSCS: ("GSM","UCS2")',
    "AT+CSCS?": '+CSCS: "GSM"',
    "AT+GCAP": "+GCAP: +CGSM",
}
_PLUGINS: Final = "phonesim,atmodem,smart_messaging,push_notification"


class Ofono:
    """A running oFono, spoken to over its bus, and the modem under it."""

    def __init__(self, address: str, modem: Modem, process: Popen[bytes]) -> None:
        self.modem = modem
        self.process = process
        self._library = importlib.import_module("jeepney")
        io = importlib.import_module("jeepney.io.blocking")
        self._connection = io.open_dbus_connection(bus=address)
        rule = self._library.MatchRule(type="signal", interface="org.ofono.MessageManager")
        proxy = io.Proxy(self._library.message_bus, self._connection)
        proxy.AddMatch(rule)
        self._signals = self._connection.filter(rule, bufsize=1000)
        self._queue = self._signals.__enter__()

    def call(self, interface: str, method: str, signature: str = "", *arguments: object) -> Any:
        """The answer of a method of the modem's."""
        address = self._library.DBusAddress("/phonesim", bus_name="org.ofono", interface=f"org.ofono.{interface}")
        message = self._library.new_method_call(address, method, signature or None, arguments)
        answer = self._connection.send_and_get_reply(message, timeout=30)
        assert answer.header.message_type is self._library.MessageType.method_return, answer.body
        return answer.body

    def incoming(self) -> tuple[str, dict[str, Any]]:
        """The next message that it tells of: its text, and what it says of it."""
        while True:
            signal = self._connection.recv_until_filtered(self._queue, timeout=60)
            if signal.header.fields[self._library.HeaderFields.member] in ("IncomingMessage", "ImmediateMessage"):
                text, named = signal.body
                return text, {name: value for name, (_, value) in named.items()}

    def close(self) -> None:
        """Leave the bus."""
        self._signals.__exit__(None, None, None)
        self._connection.close()


@contextlib.contextmanager
def ofono(folder: Path) -> Iterator[Ofono]:
    """oFono with everything of its own under ``folder``, its modem on and in a network."""
    daemon, bus = program("ofonod", "ofono"), program("dbus-daemon", "dbus")
    try:
        importlib.import_module("jeepney")
    except ImportError:
        missing("oFono", "pip install jeepney")
    (folder / "bus.conf").write_text(_BUS.format(folder=folder).strip(), encoding="utf-8")
    address = f"unix:path={folder}/bus"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        configuration = folder / "phonesim.conf"
        configuration.write_text(f"[phonesim]\nAddress=127.0.0.1\nPort={listener.getsockname()[1]}\n", encoding="utf-8")
        named = {"DBUS_SYSTEM_BUS_ADDRESS": address, "OFONO_PHONESIM_CONFIG": str(configuration)}
        environment = os.environ | named
        with running([bus, f"--config-file={folder}/bus.conf", "--nofork"], folder):
            eventually((folder / "bus").exists)
            with running([daemon, "-n", "-p", _PLUGINS], folder, environment=environment) as process:
                eventually(lambda: _powered(address), process)
                with modem_of(listener, _ANSWERS) as modem:
                    gateway = Ofono(address, modem, process)
                    try:
                        eventually(lambda: _online(gateway), process)
                        yield gateway
                    finally:
                        gateway.close()


def _powered(address: str) -> bool:
    """Whether the modem could be switched on, which makes oFono connect to it; the answer comes when it has spoken."""
    library, io = importlib.import_module("jeepney"), importlib.import_module("jeepney.io.blocking")
    with io.open_dbus_connection(bus=address) as connection:
        modem = library.DBusAddress("/phonesim", bus_name="org.ofono", interface="org.ofono.Modem")
        names = library.new_method_call(library.message_bus, "NameHasOwner", "s", ("org.ofono",))
        if not connection.send_and_get_reply(names, timeout=30).body[0]:
            return False
        asked = library.new_method_call(modem, "GetProperties")
        if connection.send_and_get_reply(asked, timeout=30).header.message_type is library.MessageType.error:
            return False
        connection.send(library.new_method_call(modem, "SetProperty", "sv", ("Powered", ("b", True))))
        return True


def _online(gateway: Ofono) -> bool:
    """Whether messages can be sent and received; asks the modem to go into the network until they can."""
    (properties,) = gateway.call("Modem", "GetProperties")
    if properties["Powered"][1] and not properties["Online"][1]:
        gateway.call("Modem", "SetProperty", "sv", "Online", ("b", True))
    return "org.ofono.MessageManager" in properties["Interfaces"][1]
