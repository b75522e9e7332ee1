"""The compiled module that reads str where they lie. Addresses are ``id()`` of objects held during the call."""

from typing import Any

from smscodec._kernels._ffi import FFI, _Result

class Lib:
    def smscodec_scan_str(self, address: int, /) -> int: ...
    def smscodec_waste_str(self, address: int, alphabet: int, limit: int, /) -> int: ...
    def smscodec_count_str(self, address: int, /) -> int: ...
    def smscodec_count_tuple(self, path: int, address: int, row: int, rooms: Any, columns: Any, /) -> _Result: ...
    def smscodec_encode_tuple(
        self, path: int, address: int, first: int, row: int, end: int, orders: Any, output: Any, /
    ) -> _Result: ...

ffi: FFI
lib: Lib
