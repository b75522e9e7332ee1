"""What adapters in Python share: lines of JSON in and out, an operation to a function.

It runs beside any library, also on a system's Python, and so knows neither smscodec nor what a library can do.
"""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

Answer = dict[str, Any]


class NotOfferedError(Exception):
    """The library has no way to do what is asked."""


def only(*, default: bool) -> None:
    """Raise ``NotOfferedError`` unless that holds."""
    if not default:
        raise NotOfferedError


def serve(operations: Mapping[str, Callable[..., Answer]]) -> None:
    """Answer questions until the input ends; any error of the library is its refusal."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is not an answer
    for line in sys.stdin:
        request = json.loads(line)
        number, operation = request.pop("id"), operations.get(request.pop("operation"))
        try:
            answer: Answer = {"offered": False} if operation is None else operation(**request)
        except NotOfferedError:
            answer = {"offered": False}
        except Exception as error:
            answer = {"refused": f"{type(error).__name__}: {error}"[:200]}
            if isinstance(error, UnicodeEncodeError):
                answer["start"] = error.start
        print(json.dumps({"id": number, **answer}), file=answers, flush=True)
