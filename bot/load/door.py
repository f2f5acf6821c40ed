"""The door: each record of the files comes in alone, or is refused with a sentence.

Alone, so that a bad record hides neither the mistakes of its neighbours nor those of the records
inside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import BadData, Mistake
from bot.load.near import Adviser
from bot.load.values import Reader, shown
from bot.source import Mapping, Scalar, Sequence, Value


MAX_MISTAKES: Final = 10_000
"""The checking of an event ends here. It bounds the time that files made to be wrong can take."""


class Shape(BaseModel):
    """The keys that a record may have, and how the value of each is read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

    called: ClassVar[str]


S = TypeVar("S", bound=Shape)


@dataclass(slots=True)
class Door:
    """Lets records in and keeps the list of what was wrong with them.

    `subjects` are those of the language: by id, what each is called. If there are none, the
    subjects of facts aren't judged.
    """

    language: str
    mistakes: list[Mistake] = field(default_factory=list)
    subjects: dict[str, str] = field(default_factory=dict)
    adviser: Adviser = field(default_factory=Adviser)

    def admit(self, shape: type[S], node: Mapping) -> S | None:
        """The record of that shape, or `None` if there was something to refuse.

        If that was of no account to anything else, such as a bad title, the record is let in all
        the same, for the sake of finding further mistakes: the files are refused as a whole.
        """
        data = _filled(shape, node)
        try:
            return shape.model_validate(data, context=self.language)
        except ValidationError as refused:
            errors = refused.errors(include_url=False, include_input=False)
        for error in errors:
            self._explain(shape, node, error["type"], error["loc"], error.get("ctx", {}))
        keys = {str(error["loc"][0]) for error in errors}
        if not all(self._is_idle(shape, key) for key in keys):
            return None
        kept = {key: value for key, value in data.items() if key not in keys}
        fields = shape.model_fields
        needed = {key: Scalar("?") for key in keys if key in fields and fields[key].is_required()}
        return shape.model_validate(kept | needed, context=self.language)

    def _is_idle(self, shape: type[Shape], key: str) -> bool:
        """Whether nothing else is judged by that key, or by the one it was meant to be."""
        fields = shape.model_fields
        meant = key if key in fields else self.adviser.nearest(key, fields)
        return not meant or any(r.idle for r in fields[meant].metadata if isinstance(r, Reader))

    def children(
        self, node: Mapping, key: str, shape: type[S]
    ) -> Iterator[tuple[Mapping, S | None]]:
        """The records listed under `key`, each with its shape or `None` if it was refused.

        That the value is a list at all is for the shape of `node` to say.
        """
        for child in self.maps(node, key, shape):
            yield child, self.admit(shape, child)

    def maps(self, node: Mapping, key: str, shape: type[Shape]) -> Iterator[Mapping]:
        """The maps listed under `key`, not admitted yet; whatever else is listed is refused."""
        listed = node.get(key)
        for child in listed if isinstance(listed, Sequence) else ():
            if isinstance(child, Mapping):
                yield child
            else:
                keys = ", ".join(_keys(shape))
                self.refuse(child, f"{shown(child)} is not {shape.called}", f"the keys {keys}")

    def admitted(self, node: Mapping, key: str, shape: type[S]) -> Iterator[tuple[Mapping, S]]:
        """The records listed under `key` that were let in."""
        for child, admitted in self.children(node, key, shape):
            if admitted is not None:
                yield child, admitted

    def refuse(self, at: Value, what: str, expected: str) -> None:
        """Note a mistake at the place of a value; raises `BadData` when there are far too many."""
        if len(self.mistakes) >= MAX_MISTAKES:
            more = f"{MAX_MISTAKES:,} mistakes so far"
            last = Mistake(at.file, at.line, more, "those mended first; the rest was not checked")
            raise BadData([*sorted(set(self.mistakes)), last])
        self.mistakes.append(Mistake(at.file, at.line, what, expected))

    def warn(self, at: Value, what: str, expected: str) -> None:
        """Note what may be meant as it is, unless there are far too many mistakes already."""
        if len(self.mistakes) < MAX_MISTAKES:
            self.mistakes.append(Mistake(at.file, at.line, what, expected, warning=True))

    def _explain(
        self,
        shape: type[Shape],
        node: Mapping,
        kind: str,
        path: tuple[int | str, ...],
        context: dict[str, Any],
    ) -> None:
        key = str(path[0])
        at = _at(node, path)
        if kind == "missing":
            required = [name for name in _keys(shape) if shape.model_fields[name].is_required()]
            what = f'missing key "{key}" in {shape.called}'
            self.refuse(node, what, f"at least {', '.join(required)}")
        elif kind == "extra_forbidden":
            near = self.adviser.suggest(key, _keys(shape))
            what = f"unknown key {shown(key)} in {shape.called}{near}"
            expected = f"one of {', '.join(_keys(shape))}"
            if node[key] == "":  # {text: data, code} has a key "code"
                expected += "; or quotes around a text that contains a comma"
            self.refuse(node.key(key), what, expected)
        elif at == "":
            name = key if len(path) == 1 else f"entry of {key}"
            self.refuse(at, f"empty {name} in {shape.called}", context["expected"])
        else:
            inside = context["at"]
            self.refuse(at if inside is None else inside, context["what"], context["expected"])


def _keys(shape: type[Shape]) -> list[str]:
    return list(shape.model_fields)


def _filled(shape: type[Shape], node: Mapping) -> dict[str, Value]:
    """The mapping without the keys that may be left out and have been left empty."""
    if "" not in node.values():
        return node
    fields = shape.model_fields
    return {k: v for k, v in node.items() if v != "" or k not in fields or fields[k].is_required()}


def _at(node: Mapping, path: tuple[int | str, ...]) -> Value:
    """The value at a path, as far as the path can be followed."""
    value: Value = node
    for step in path:
        if isinstance(value, Mapping) and step in value:
            value = value[str(step)]
        elif isinstance(value, Sequence) and isinstance(step, int):
            value = value[step]
    return value
