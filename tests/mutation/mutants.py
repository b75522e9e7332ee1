"""Mutants of a module: the same module but for one operator, constant, condition or statement.

Prose is left alone, and so are annotations: a string with a space in it, an f-string and a docstring are for people.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Final, TypeVar

SWAPS: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.Div: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd, ast.Continue: ast.Break, ast.Break: ast.Continue,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change, by a name that other edits of the file leave as it is, and the line on which it stands."""

    name: str
    line: int
    number: int


T = TypeVar("T")


def _draw(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def sample(things: Iterable[T], seed: int, count: int | None, name: Callable[[T], str]) -> list[T]:
    """So many of them, or all: those that the seed draws from their names, whatever else there is."""
    return sorted(things, key=lambda thing: _draw(seed, name(thing)))[:count]


def _constant(node: ast.Constant) -> object:
    """What a constant is changed to; itself where it stays."""
    match node.value:
        case bool():
            return not node.value
        case int() | float():
            return node.value + 1
        case str() if " " not in node.value:
            return node.value + "X"
        case bytes():
            return node.value + b"X"
    return node.value


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str, object]]:
    """Every change of one node: the node that shows it, a field and its new value."""
    yield from _expressions(node)
    for field, body in ast.iter_fields(node):
        if isinstance(body, list):
            for place, statement in enumerate(body):
                if other := _other(statement):
                    yield node, field, [*body[:place], ast.copy_location(other, statement), *body[place + 1 :]]


def _other(statement: object) -> ast.stmt | None:
    """What stands in place of a statement: calls and raises go, continue is break and break continue."""
    match statement:
        case ast.Raise() | ast.Expr(value=ast.Call() | ast.Await() | ast.YieldFrom() | ast.Yield()):
            return ast.Pass()
        case ast.Continue():
            return ast.Break()
        case ast.Break():
            return ast.Continue()
    return None


def _expressions(node: ast.AST) -> Iterator[tuple[ast.AST, str, object]]:
    """Every change of one expression, or of a condition."""
    match node:
        case ast.Compare(ops=operators):
            for place, operator in enumerate(operators):
                yield node, "ops", [*operators[:place], SWAPS[type(operator)](), *operators[place + 1 :]]
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) | ast.AugAssign(op=operator):
            if type(operator) in SWAPS:
                yield node, "op", SWAPS[type(operator)]()
        case ast.UnaryOp(op=operator, operand=operand):
            yield node, "operand", ast.UnaryOp(operator, operand)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.UnaryOp):  # which have changes of their own
                yield node, "test", ast.UnaryOp(ast.Not(), test)
        case ast.comprehension(ifs=[_, *others]):
            yield node, "ifs", others
        case ast.Constant() if _constant(node) is not node.value:
            yield node, "value", _constant(node)


def _walk(node: ast.AST, within: str) -> Iterator[tuple[str, ast.AST, str, object]]:
    """Each change in a node and below it, with the function that it is in."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        within = f"{within}.{node.name}".lstrip(".")
    for owner, field, value in _changes(node):
        yield within, owner, field, value
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns", "decorator_list"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _for_people(child):
                    yield from _walk(child, within)


def _for_people(node: ast.AST) -> bool:
    """Docstrings and what only a type checker reads."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr() | ast.ImportFrom() | ast.Import():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
        case ast.Call(func=ast.Name(id="TypeVar" | "NewType" | "cast" | "getLogger")):
            return True
    return False


def _shown(owner: ast.AST, field: str, value: object) -> str:
    """What stands there, and what stands there in the mutant."""
    before = getattr(owner, field)
    if isinstance(before, list) and field != "ops":
        pairs = [(old, new) for old, new in zip(before, value, strict=False) if old is not new]  # type: ignore[call-overload]
        return " → ".join(ast.unparse(node).split("\n")[0][:70] for node in pairs[0]) if pairs else f"no {field}"
    texts = []
    for part in (before, value):
        setattr(owner, field, part)
        texts.append(ast.unparse(owner).split("\n")[0][:90])
    setattr(owner, field, before)
    return " → ".join(texts)


def _named(tree: ast.Module) -> Iterator[tuple[str, int, ast.AST, str, object]]:
    seen: Counter[str] = Counter()
    for within, owner, field, value in list(_walk(tree, "")):
        name = f"{within or 'module'}: {_shown(owner, field, value)}"
        seen[name] += 1
        yield name + (f" ({seen[name]})" if seen[name] > 1 else ""), getattr(owner, "lineno", 0), owner, field, value


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module."""
    return [Mutant(name, line, number) for number, (name, line, *_) in enumerate(_named(ast.parse(source)))]


def compiled(source: str, mutant: Mutant, file: str) -> CodeType:
    """The code of a module with the change of one mutant."""
    tree = ast.parse(source)
    [change] = [change for number, (_, _, *change) in enumerate(_named(tree)) if number == mutant.number]
    owner, field, value = change
    setattr(owner, str(field), value)
    return compile(ast.fix_missing_locations(tree), file, "exec")
