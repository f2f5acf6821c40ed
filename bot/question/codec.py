"""Turns of a conversation to JSON and back, so that a follow-up can lean on them after a restart.

A record is written as its class's name and the fields that aren't as by default. It is read by what
its fields are declared to hold, and only classes that these declarations name are ever made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

from bot.question.context import Turn


Json: TypeAlias = Any

_CLASS: Final = "is"
"""The key of a record's class; no field has this name, as it is a word of Python's."""

_Read = Callable[[Json], Any]


class _Unreadable(ValueError):
    """JSON that isn't what it was expected to be."""


def to_json(turns: Sequence[Turn]) -> Json:
    """Turns as plain values."""
    return [_plain(turn) for turn in turns]


def from_json(raw: Json) -> tuple[Turn, ...]:
    """The turns that `to_json` made plain; none if another version of the bot did, or anybody else."""
    try:
        found: tuple[Turn, ...] = _many(_reader(Turn), tuple)(raw)
    except (_Unreadable, RecursionError):
        return ()
    return found


# -- writing ---------------------------------------------------------------------------------


def _plain(value: Any) -> Json:  # noqa: ANN401 - whatever a record holds
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    kind: type = type(value)
    raw: dict[str, Json] = {_CLASS: kind.__name__}
    for name, default in _fields(kind):
        held = getattr(value, name)
        if held != default:
            raw[name] = _plain(held)
    return raw


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a record's class and their defaults. Raises `TypeError` if it is no record."""
    return tuple((f.name, f.default) for f in fields(kind))


# -- reading ---------------------------------------------------------------------------------


@cache
def _reader(declared: Any) -> _Read:  # noqa: ANN401 - a declaration: a class, a union, tuple[...]
    """What reads JSON of what a field is declared to hold.

    Raises `TypeError` for a declaration that there is no way to read.
    """
    origin, of = get_origin(declared), get_args(declared)
    if origin in (Union, UnionType):
        return _union(of)
    if origin is frozenset or (origin is tuple and of[1:] == (...,)):
        return _many(_reader(of[0]), origin)
    if origin is tuple:
        return _each([_reader(one) for one in of])
    if is_dataclass(declared):
        return _union((declared,))
    if isinstance(declared, type) and issubclass(declared, StrEnum):
        return _choice({str(one): one for one in declared})
    if declared in (str, int, bool, float, NoneType):
        return _scalar((int, float) if declared is float else (declared,))
    raise TypeError(f"there is no way to keep {declared} of a question")


def _scalar(kinds: tuple[type, ...]) -> _Read:
    def read(raw: Json) -> Any:  # noqa: ANN401
        if type(raw) not in kinds:  # exactly: `True` is no number here
            raise _Unreadable
        return raw

    return read


def _choice(members: Mapping[str, StrEnum]) -> _Read:
    def read(raw: Json) -> StrEnum:
        if not isinstance(raw, str) or raw not in members:
            raise _Unreadable
        return members[raw]

    return read


def _many(read_one: _Read, kind: type) -> _Read:
    def read(raw: Json) -> Any:  # noqa: ANN401
        if not isinstance(raw, list):
            raise _Unreadable
        return kind(map(read_one, raw))

    return read


def _each(readers: Sequence[_Read]) -> _Read:
    def read(raw: Json) -> tuple[Any, ...]:
        if not isinstance(raw, list) or len(raw) != len(readers):
            raise _Unreadable
        return tuple(read_one(one) for read_one, one in zip(readers, raw, strict=True))

    return read


def _union(declared: Sequence[Any]) -> _Read:
    """Records by their class's name, and anything else by the first reader that takes it."""
    kinds: list[Any] = [kind for kind in declared if is_dataclass(kind)]
    records = {kind.__name__: kind for kind in kinds}
    others = [_reader(one) for one in declared if one not in kinds]

    def read(raw: Json) -> Any:  # noqa: ANN401
        if isinstance(raw, dict):
            name = raw.get(_CLASS)
            if not isinstance(name, str) or name not in records:
                raise _Unreadable
            return _record(records[name], raw)
        for read_one in others:
            try:
                return read_one(raw)
            except _Unreadable:
                continue
        raise _Unreadable

    return read


def _record(kind: type, raw: Mapping[str, Json]) -> Any:  # noqa: ANN401
    readers = _readers(kind)
    if not readers.keys() >= raw.keys() - {_CLASS}:
        raise _Unreadable
    if any(default is MISSING and name not in raw for name, default in _fields(kind)):
        raise _Unreadable
    return kind(**{name: readers[name](value) for name, value in raw.items() if name != _CLASS})


@cache
def _readers(kind: type) -> Mapping[str, _Read]:
    """Readers of a class's fields, made when one is first read: a reference may hold another."""
    declared = get_type_hints(kind)
    return {name: _reader(declared[name]) for name, _ in _fields(kind)}
