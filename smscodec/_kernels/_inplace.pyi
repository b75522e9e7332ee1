"""The compiled module that reads str where they lie. Addresses are ``id()`` of objects held during the call."""

from typing import Any

from smscodec._kernels._ffi import FFI, _Result

class Lib:
    def smscodec_scan_str(self, address: int, /) -> int: ...
    def smscodec_count_str(self, address: int, /) -> int: ...
    def smscodec_utf16_length_str(self, address: int, /) -> int: ...
    def smscodec_cuts_str(
        self, address: int, doubles: Any, count: int, limit: int, starts: Any, capacity: int, /
    ) -> _Result: ...
    def smscodec_count_tuple(self, path: int, address: int, row: int, rooms: Any, columns: Any, /) -> _Result: ...

ffi: FFI
lib: Lib
