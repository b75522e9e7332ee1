"""The command line: finds the family of the command that was asked for, runs it, and turns errors into exit statuses.

A family is a module of this package with ``add_commands(subparsers)``, which adds a parser for each of its commands and
gives it ``run``, a function of the parsed arguments that returns the exit status. Only the family that is needed is
imported. Knows nothing of what the commands do.

Exit statuses: 0 done, 1 the input was refused (one line on standard error), 2 usage, 129 hung up, 130 interrupted,
143 terminated.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, cast

from smscodec import SmsCodecError, UnencodableError, __version__, _kernels, backend
from smscodec.cli.reading import InputRefusedError, UsageError, did_you_mean
from smscodec.display.terminal import visible

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

__all__ = ["main"]


class _Family(NamedTuple):
    module: str
    commands: tuple[str, ...]


_FAMILIES: Final = (
    _Family("smscodec.cli.text", ("measure", "segment", "explain")),
    _Family("smscodec.cli.octets", ("encode", "decode")),
    _Family("smscodec.cli.bulk", ("bulk",)),
    _Family("smscodec.cli.serving", ("serve",)),
    _Family("smscodec.cli.vonage", ("send", "sign", "verify", "simulate")),
)

_OPTIONS: Final = ("-h", "--help", "--version")
"""Those that may stand before a command."""

_DESCRIPTION: Final = """\
Count, cut and encode SMS messages as 3GPP TS 23.038 and TS 23.040 define them. A
message is sent and billed in segments of up to 160 characters, or 70 if it holds
a character outside the GSM alphabet.
"""

_EPILOG: Final = """\
Each command has its own help with examples: smscodec measure --help.

Results go to standard output: as JSON with --json, otherwise as text in which
characters that could act on a terminal, or hide, appear as escapes such as
\\x1b and \\u202e. Colours appear only on a terminal, and never with NO_COLOR.

Exit status: 0 done, 1 the input was refused, 2 the command was not understood,
129 hung up, 130 interrupted, 143 terminated.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; ``argv`` are the arguments after the program's name."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    if sys.stdout is None:
        return _refused("standard output is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a character shows its escape
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _abandon_output()
        return 0  # the reader has seen enough
    except OSError as error:
        _abandon_output()
        return _refused(_outside(error))
    return status


def _run(arguments: Sequence[str]) -> int:
    parser = _parser(_needed(arguments))
    try:
        _check_command(arguments)
        parsed = parser.parse_args(arguments, argparse.Namespace(words=list(arguments)))
        status: int = parsed.run(parsed)
    except SystemExit as end:  # argparse: help, version or usage; or a signal
        return int(end.code or 0)
    except UsageError as error:
        print(f"{parser.prog}: {visible(str(error))}", file=sys.stderr)
        return 2
    except UnencodableError as error:
        return _refused(f"{_code_point(error)} at index {error.start}: {error.reason}")
    except (InputRefusedError, SmsCodecError) as error:
        return _refused(str(error))
    return status


def _needed(arguments: Iterable[str]) -> Iterable[_Family]:
    """The family of the command in the arguments, or all families, for help and errors, if there is no command."""
    command = next((argument for argument in arguments if not argument.startswith("-")), None)
    return [family for family in _FAMILIES if command in family.commands] or _FAMILIES


def _check_command(arguments: Sequence[str]) -> None:
    """Refuse an unknown command, and suggest the one that was probably meant."""
    commands = [command for family in _FAMILIES for command in family.commands]
    if not arguments:
        raise UsageError(f"expected a command ({', '.join(commands)}); see smscodec --help")
    word = arguments[0]
    if word.startswith("-") and word not in _OPTIONS:
        guess = "" if set(arguments).intersection(commands) else did_you_mean(word, _OPTIONS)
        raise UsageError(f"unknown option {word!r}; {guess or 'the options of a command stand after it'}")
    if not word.startswith("-") and word not in commands:
        guess = did_you_mean(word, commands) or f"expected {', '.join(commands)}"
        raise UsageError(f"unknown command {word!r}; {guess}")


def _parser(families: Iterable[_Family]) -> argparse.ArgumentParser:
    parser = _Parser(prog="smscodec", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show version, backend and Python")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for family in families:
        import_module(family.module).add_commands(subparsers)
    return parser


class _Parser(argparse.ArgumentParser):
    """Keeps the line breaks of examples, takes no abbreviations, and reports an error in one line without the usage."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options.setdefault("allow_abbrev", False)
        super().__init__(**options)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Take the word after an option whose value may be left out only if it can be that value."""
        return super().parse_known_args(self._with_values(list(args)), namespace)

    def _with_values(self, words: list[str]) -> list[str]:
        optional = {name: action for action in self._actions if action.nargs == "?" for name in action.option_strings}
        joined: list[str] = []
        waiting: argparse.Action | None = None
        for word in words:
            if waiting:
                joined[-1] += f"={word if _can_be(waiting, word) else waiting.const}"
            if not waiting or not _can_be(waiting, word):
                joined.append(word)
            waiting = optional.get(word)
        return joined

    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized arguments"):
            words = message.partition(": ")[2].split()
            guess = did_you_mean(words[0].partition("=")[0], self._options()) if words else ""
            message += f" ({guess or 'put quotes around several words, and -- before a text that begins with -'})"
        end = "" if message.endswith("?") else ";"
        self.exit(2, f"{self.prog}: {visible(message)}{end} see {self.prog} --help\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Guess which of the choices was meant."""
        choices = list(map(str, action.choices or ()))
        if choices and value not in choices:
            guess = did_you_mean(str(value), choices)
            among = f"(choose from {', '.join(map(repr, choices))})"
            raise argparse.ArgumentError(action, f"invalid choice: {value!r} {among}{f'; {guess}' if guess else ''}")

    def _options(self) -> list[str]:
        """The options of this parser and of its commands."""
        parsers = [self]
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                parsers.extend(action.choices.values())
        return [option for parser in parsers for option in parser._option_string_actions]

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        # argparse's own method passes over output that cannot be written.
        print(self.format_help(), end="", file=file)


def _can_be(option: argparse.Action, word: str) -> bool:
    """Whether a word is a value of an option."""
    try:
        cast("Callable[[str], object]", option.type)(word)
    except argparse.ArgumentTypeError:
        return False
    return True


class _ShowVersion(argparse.Action):
    """Prints the version and ends the program; unlike argparse's own action, it fails where it cannot be written."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(_version())
        parser.exit()


def _version() -> str:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    detail = _kernels.active.detail or f"C is off: {_kernels.why_not_c}"
    return f"smscodec {__version__}, {backend()} backend ({detail}), {python}"


def _refused(message: str) -> int:
    print(f"smscodec: {visible(message)}", file=sys.stderr)
    return 1


def _code_point(error: UnencodableError) -> str:
    return f"U+{ord(error.object[error.start]):04X}"


def _outside(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{os.fsdecode(error.filename)}: {reason}" if isinstance(error.filename, str | bytes) else reason


def _abandon_output() -> None:
    """Give standard output a place to go, so that the interpreter does not fail again when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
