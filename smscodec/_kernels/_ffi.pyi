"""The portable compiled module: what ``_kernels`` uses of it. Its functions are described in csrc/smscodec.h."""

from collections.abc import Callable
from typing import Any, Protocol

class _Buffer(Protocol):
    def __len__(self) -> int: ...
    def __getitem__(self, key: slice) -> bytes: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...

class FFI:
    NULL: Any
    def new(self, cdecl: str, init: object = ...) -> Any: ...
    def buffer(self, cdata: Any, size: int = ...) -> _Buffer: ...
    def from_buffer(self, cdecl: str, python_buffer: object) -> Any: ...
    def release(self, cdata: Any) -> None: ...
    def new_allocator(self, *, should_clear_after_alloc: bool) -> Callable[..., Any]: ...
    def typeof(self, cdecl: str) -> Any: ...
    def unpack(self, cdata: Any, length: int) -> list[int]: ...

class _Result(Protocol):
    code: int
    row: int
    position: int

class _Load(Protocol):
    code: int
    alphabet: int
    units: int
    doubles: int
    position: int

class Lib:
    def smscodec_has_path(self, path: int, /) -> int: ...
    def smscodec_best_path(self) -> int: ...
    def smscodec_scan(self, path: int, kind: int, data: Any, length: int, /) -> _Load: ...
    def smscodec_scan_utf8(self, path: int, data: Any, length: int, readable: int, /) -> _Load: ...
    def smscodec_waste(self, alphabet: int, limit: int, kind: int, data: Any, length: int, /) -> int: ...
    def smscodec_cuts(
        self, alphabet: int, limit: int, kind: int, data: Any, length: int, cuts: Any, most: int, /
    ) -> int: ...
    def smscodec_segments(self, load: Any, rooms: Any, kind: int, data: Any, length: int, /) -> int: ...
    def smscodec_count_utf8(
        self,
        path: int,
        data: Any,
        data_length: int,
        offsets: Any,
        offset_width: int,
        rows: int,
        validity: Any,
        validity_offset: int,
        rooms: Any,
        columns: Any,
        /,
    ) -> _Result: ...
    def smscodec_count_joined(
        self, path: int, data: Any, length: int, row: int, rows: int, rooms: Any, columns: Any, /
    ) -> _Result: ...
    def smscodec_count_joined_utf8(
        self, path: int, data: bytes, length: int, row: int, rows: int, rooms: Any, columns: Any, /
    ) -> _Result: ...
    def smscodec_encode(
        self,
        path: int,
        kind: int,
        data: Any,
        data_length: int,
        offsets: Any,
        offset_width: int,
        row: int,
        end: int,
        orders: Any,
        output: Any,
        /,
    ) -> _Result: ...
    def smscodec_encode_one(
        self,
        kind: int,
        data: Any,
        length: int,
        style: Any,
        bounds: Any,
        segments: int,
        reference: int,
        slots: Any,
        /,
    ) -> int: ...
    def smscodec_decode(self, path: int, column: Any, row: int, end: int, alphabets: Any, texts: Any, /) -> _Result: ...
    def smscodec_choose(
        self,
        kind: int,
        data: Any,
        data_length: int,
        offsets: Any,
        offset_width: int,
        rows: int,
        languages: Any,
        columns: Any,
        pairs: Any,
        /,
    ) -> None: ...
    def smscodec_scan_octets(self, data: bytes, length: int, /) -> int: ...
    def smscodec_count_octets(self, data: bytes, length: int, /) -> int: ...
    def smscodec_scan_characters(self, text: str, length: int, /) -> int: ...
    def smscodec_count_characters(self, text: str, length: int, /) -> int: ...
    def smscodec_pack(self, septets: bytes, count: int, fill_bits: int, octets: Any, /) -> None: ...
    def smscodec_unpack(self, octets: bytes, count: int, fill_bits: int, septets: Any, /) -> None: ...

ffi: FFI
lib: Lib
