"""Calls webhooks, and calls them again until one answers with 2xx.

It knows time, which is handed in, the sequence of repeats, and that only loopback may be called unless asked otherwise;
it does not know what a callback says. One thread delivers, in the order in which the callbacks fall due.
"""

from __future__ import annotations

import heapq
import http.client
import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from smscodec.simulator.callbacks import Callback, form_of
from smscodec.simulator.records import MAX_RECORDS, Attempt, CallbackState, RecordedCallback
from smscodec.vonage.wire import is_loopback

__all__ = ["CallbackQueue"]

FIRST_REPEAT = 5.0
LONGEST_REPEAT = 900.0
GIVE_UP_AFTER = 86_400.0
TIMEOUT = 10.0
MAX_ANSWER = 1 << 16


@dataclass(slots=True)
class _Job:
    """One callback on its way."""

    callback: Callback
    added: float
    attempts: list[Attempt] = field(default_factory=list)
    state: CallbackState = CallbackState.PENDING

    def record(self) -> RecordedCallback:
        """The job as it stands."""
        call = self.callback
        return RecordedCallback(call.kind, call.method, call.url, call.params, tuple(self.attempts), self.state)

    def next_due(self) -> float | None:
        """When to repeat after the last attempt, or None when a day has passed; the waits double up to 15 minutes."""
        delay = min(FIRST_REPEAT * 2 ** (len(self.attempts) - 1), LONGEST_REPEAT)
        due = self.attempts[-1].at + delay
        return due if due <= self.added + GIVE_UP_AFTER else None


class CallbackQueue:
    """Delivers callbacks from a thread of its own between ``start`` and ``close``.

    ``clock`` gives the time in Unix seconds; call ``wake`` after moving it. With ``external`` False, callbacks to hosts
    other than loopback are recorded as refused and never sent. ``observe`` is called after each attempt and must not
    raise. The URLs are such as ``is_webhook`` takes.
    """

    def __init__(
        self, *, clock: Callable[[], float], external: bool, observe: Callable[[RecordedCallback], None]
    ) -> None:
        self._clock = clock
        self._external = external
        self._observe = observe
        self._changed = threading.Condition()
        self._jobs: deque[_Job] = deque(maxlen=MAX_RECORDS)
        self._due: list[tuple[float, int, _Job]] = []
        self._order = itertools.count()
        self._connection: http.client.HTTPConnection | None = None
        self._busy = False
        self._held = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="smscodec-simulator-callbacks", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def close(self) -> None:
        """Stop, also in the middle of a call; what was not delivered stays pending."""
        with self._changed:
            self._closed = True
            connection = self._connection
            self._changed.notify_all()
        # A webhook that never answers must not hold up the end.
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(2)
        self._thread.join()

    def add(self, callbacks: Iterable[Callback]) -> list[RecordedCallback]:
        """Queue callbacks that are due at once, and give back their records as they stand."""
        now = self._clock()
        with self._changed:
            jobs = [_Job(callback, now) for callback in callbacks]
            for job in jobs:
                self._jobs.append(job)
                if not self._external and not _goes_to_loopback(job.callback.url):
                    job.state = CallbackState.REFUSED
                elif len(self._due) >= MAX_RECORDS:
                    job.state = CallbackState.GIVEN_UP
                else:
                    heapq.heappush(self._due, (now, next(self._order), job))
            self._changed.notify_all()
            return [job.record() for job in jobs]

    def hold(self) -> None:
        """Announce callbacks that a later call of ``add`` will bring; ``settle`` waits for ``release``."""
        with self._changed:
            self._held += 1

    def release(self) -> None:
        """Take back one ``hold``."""
        with self._changed:
            self._held -= 1
            self._changed.notify_all()

    def records(self) -> list[RecordedCallback]:
        """Every callback that is remembered, oldest first."""
        with self._changed:
            return [job.record() for job in self._jobs]

    def wake(self) -> None:
        """Look at the clock again, after it was moved."""
        with self._changed:
            self._changed.notify_all()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is due and nothing is being sent; False when that took more than ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closed or self._is_settled(), timeout)

    def _is_settled(self) -> bool:
        return not self._busy and not self._held and not (self._due and self._due[0][0] <= self._clock())

    def _run(self) -> None:
        while (job := self._next_job()) is not None:
            try:
                self._observe(self._note(job, self._send(job.callback)))
            finally:
                # Only now: after settle() the observer must have seen it.
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def _next_job(self) -> _Job | None:
        with self._changed:
            while not self._closed:
                left = self._due[0][0] - self._clock() if self._due else None
                if left is not None and left <= 0:
                    self._busy = True
                    return heapq.heappop(self._due)[2]
                self._changed.wait(left)
            return None

    def _note(self, job: _Job, status: int | None) -> RecordedCallback:
        with self._changed:
            job.attempts.append(Attempt(self._clock(), status))
            if status is not None and 200 <= status < 300:
                job.state = CallbackState.DELIVERED
            else:
                due = job.next_due()
                if due is None:
                    job.state = CallbackState.GIVEN_UP
                else:
                    heapq.heappush(self._due, (due, next(self._order), job))
            return job.record()

    def _send(self, callback: Callback) -> int | None:
        """The HTTP status of the answer, or None for whatever kept it from coming."""
        try:
            return self._exchange(callback)
        # Any error at all: this thread delivers every callback, and none may end it.
        except Exception:
            return None

    def _exchange(self, callback: Callback) -> int:
        form = form_of(callback)
        headers = {"User-Agent": "smscodec-simulator"}
        if form.content_type is not None:
            headers["Content-Type"] = form.content_type
        connection = _connection(callback.url)
        with self._changed:
            self._connection = connection
        try:
            connection.request(form.method, form.target, form.body or None, headers)
            answer = connection.getresponse()
            answer.read(MAX_ANSWER)
            return answer.status
        finally:
            connection.close()


def _goes_to_loopback(url: str) -> bool:
    return is_loopback(urlsplit(url).hostname or "")


def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
