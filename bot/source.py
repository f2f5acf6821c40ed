"""Strict YAML text -> values that know their file and line; the only importer of PyYAML.

Scalars stay text, as written: `9:30`, `no`, `0730` and `1e3` are not numbers or truth values
here. Only "nothing" is translated: a value left empty, or a bare `~`, is the empty text.

Less is accepted than YAML allows. Anchors, aliases and merge keys are refused as a whole (a dozen
of them can spell out gigabytes), and so are tags, second documents, keys that aren't text, control
characters and duplicate keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias, TypeVar

import yaml

from bot.errors import Mistake


MAX_DEPTH: Final = 64
MAX_VALUES: Final = 500_000  # ten thousand talks with all that belongs to them have fewer
MAX_MISTAKES: Final = 200
"""The reading of a file ends here. It bounds the time that a file made to be wrong can take."""

_NEVER_IN_FILE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_NEVER_IN_VALUE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_OTHER_LINE_BREAKS = ("\x85", "\u2028", "\u2029")
_HINTS = (
    ("mapping values are not allowed", 'quotes around a value that contains ": "'),
    (
        "cannot start any token",
        "spaces instead of tabs before a key, and quotes around a value that begins with @, ` or %",
    ),
    ("alphabetic or numeric character", "quotes around a value that begins with * or &"),
    ("did not find expected key", "a key that starts in the same column as those above it"),
    ("could not find expected ':'", 'a key and a value, such as "title: On Time"'),
    ("',' or ']'", "a list such as [a, b], with quotes around what holds [ ] { } or ,"),
    ("',' or '}'", "a map such as {a: b}, with quotes around what holds [ ] { } or ,"),
    ("unexpected end of stream", "a closing quote"),
)
_QUOTATION = r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')"""
_IN_A_BLOCK = re.compile(
    rf"""\s*(?:-\s+)*[^\s"'#\[{{][^:]*:\s+{_QUOTATION}\s*[^\s#]"""
    rf"""|\s*(?:-\s+)+{_QUOTATION}\s*[^\s#:]"""
)
_IN_BRACKETS = re.compile(
    rf""".*?(?::\s+{_QUOTATION}\s*[^\s#,\]}}]|[\[{{,]\s*{_QUOTATION}\s*[^\s#,\]}}:])"""
)
_GOES_ON = (
    ("mapping values are not allowed", _IN_A_BLOCK),
    ("did not find expected key", _IN_A_BLOCK),
    ("expected '-' indicator", _IN_A_BLOCK),
    ("',' or", _IN_BRACKETS),
)
"""How a line looks whose value begins with a quotation and goes on, by what the parser says."""
_LOOKED_AT = 1_000  # characters of such a line
_WHOLE_QUOTED = {
    '"': """single quotes around the whole value, such as '"On Time": Ann''s Study'""",
    "'": """double quotes around the whole value, such as "'On Time': A Study\"""",
}


class Scalar(str):
    """A text, exactly as written, and where it stands."""

    __slots__ = ("file", "line")

    file: str
    line: int


class Mapping(dict[str, "Value"]):
    """Keys and values in their order. Its keys are scalars; not to be changed after reading."""

    __slots__ = ("_keys", "file", "line")

    file: str
    line: int
    _keys: dict[str, str]

    def key(self, name: str) -> Value:
        """The key as it stands in the file, or the mapping itself if it has no such key."""
        if not hasattr(self, "_keys"):
            self._keys = {key: key for key in self}
        key = self._keys.get(name)
        return key if isinstance(key, Scalar) else self


class Sequence(list["Value"]):
    """A list of values; not to be changed after reading."""

    __slots__ = ("file", "line")

    file: str
    line: int


Value: TypeAlias = Scalar | Mapping | Sequence
_V = TypeVar("_V", bound=Scalar | Mapping | Sequence)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, and what is wrong with it as YAML.

    `root` is `None` if the file couldn't be read to its end, or names values by alias: then
    nothing can be said about what it lacks. An empty file is a mapping without keys.
    """

    file: str
    root: Value | None
    mistakes: tuple[Mistake, ...] = ()


def parse(raw: bytes, file: str) -> Document:
    """Read the bytes of a file, called `file` in values and mistakes."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8"
        return _unreadable(file, line, what, "a file saved as UTF-8")
    # YAML 1.1 ends lines at these too, editors don't: our line numbers would be off.
    for mark in _OTHER_LINE_BREAKS:
        text = text.replace(mark, " ")
    composer = _Composer(file)
    root = composer.compose(text)
    return Document(file, root, tuple(composer.mistakes))


def _unreadable(file: str, line: int, what: str, expected: str) -> Document:
    return Document(file, None, (Mistake(file, line, what, expected),))


class _Stop(Exception):
    """The rest of the file can't be read in any sensible way."""


@dataclass(slots=True)
class _Composer:
    """Builds values from the parser's events, with a stack of its own instead of recursion."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    whole: bool = True
    root: Value | None = None
    _stack: list[Mapping | Sequence] = field(default_factory=list)
    _key: Scalar | None = None  # of the innermost mapping, while its value is awaited
    _values: int = 0
    _keep: bool = True  # whether the awaited value belongs to the result

    def compose(self, text: str) -> Value | None:
        """The value of the document, or `None` if that isn't known in full."""
        try:
            for event in _events(text):
                self._take(event)
        except _Stop:
            self.whole = False
        except yaml.reader.ReaderError:
            self._refuse_control_characters(text)
        except yaml.MarkedYAMLError as error:
            self._refuse_syntax(error, text)
        if self.root is None or self.root == "":
            self.root = self._placed(Mapping(), 1)
        return self.root if self.whole else None

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event))
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(Mapping(), event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(Sequence(), event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse_alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._refuse(_line(event), "a second document begins here", "one document in a file")
            raise _Stop

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text = event.value
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks(event, event.tag)
        if event.style == '"' and (found := _NEVER_IN_VALUE.search(text)):
            self._refuse_character(_line(event), found[0])
        if text == "~" and not event.style:
            text = ""
        # The parser sees that a value is missing only at whatever comes next, maybe lines below.
        line = self._key.line if self._key is not None and not text else _line(event)
        return self._placed(Scalar(text), line)

    def _open(self, box: Mapping | Sequence, event: yaml.CollectionStartEvent) -> None:
        line = _line(event)
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks(event, event.tag)
        if len(self._stack) == MAX_DEPTH:
            self._refuse(line, f"nested more than {MAX_DEPTH} levels deep", "a flatter file")
            raise _Stop
        self._put(self._placed(box, line))
        self._stack.append(box)

    def _put(self, value: Value) -> None:
        """Give a value its place: in a list, as a key, or as the value of the key before it."""
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if isinstance(top, Sequence):
            top.append(value)
        elif self._key is None:
            self._await_value(top, value)
        else:
            if self._keep:
                top[self._key] = value
            self._key = None

    def _await_value(self, mapping: Mapping, key: Value) -> None:
        self._keep = True
        if not isinstance(key, Scalar):
            self._refuse(key.line, "a key that is a list or a map", "a word as the key")
            raise _Stop
        if key == "<<":
            self._refuse(key.line, 'a merge key "<<"', "the keys written out here")
            self.whole = self._keep = False
        elif key in mapping:
            first = next(k for k in mapping if k == key)
            above = f", first in line {first.line}" if isinstance(first, Scalar) else ""
            self._refuse(key.line, f'key "{_short(key)}" is given twice{above}', "every key once")
            self._keep = False
        self._key = key

    def _placed(self, value: _V, line: int) -> _V:
        self._values += 1
        if self._values > MAX_VALUES:
            what = f"more than {MAX_VALUES:,} keys and values"
            self._refuse(
                line, what, "fewer; what is larger can be a folder, such as program/*.yaml"
            )
            raise _Stop
        value.file = self.file
        value.line = line
        return value

    def _refuse(self, line: int, what: str, expected: str) -> None:
        if len(self.mistakes) == MAX_MISTAKES:
            what, expected = f"{MAX_MISTAKES} mistakes so far", "YAML; the rest was not read"
            self.mistakes.append(Mistake(self.file, line, what, expected))
            raise _Stop
        self.mistakes.append(Mistake(self.file, line, what, expected))

    def _refuse_marks(self, event: yaml.NodeEvent, tag: str | None) -> None:
        if event.anchor is not None:
            expected = "no anchors: the value written out where it is needed, or in quotes"
            self._refuse(_line(event), f'an anchor "&{_short(event.anchor)}"', expected)
        if tag is not None:
            what = f'a tag "{_short(tag)}"'
            self._refuse(_line(event), what, "a plain value, or one in quotes")

    def _refuse_alias(self, event: yaml.AliasEvent) -> None:
        name = f"*{event.anchor}"
        expected = "no aliases: the value written out, or in quotes"
        self._refuse(_line(event), f'an alias "{_short(name)}"', expected)
        self.whole = False
        self._put(self._placed(Scalar(name), _line(event)))

    def _refuse_character(self, line: int, character: str) -> None:
        what = f"a control character (U+{ord(character):04X})"
        self._refuse(line, what, "text without control characters")

    def _refuse_control_characters(self, text: str) -> None:
        self.whole = False
        lines = enumerate(text.split("\n"), 1)
        found = ((line, match[0]) for line, row in lines if (match := _NEVER_IN_FILE.search(row)))
        for line, character in islice(found, MAX_MISTAKES - len(self.mistakes)):
            self._refuse_character(line, character)

    def _refuse_syntax(self, error: yaml.MarkedYAMLError, text: str) -> None:
        self.whole = False
        problem = error.problem or "it can't be read"
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        hint = next((hint for words, hint in _HINTS if words in problem), "valid YAML")
        what = f"not YAML: {problem}{_context(error, line)}"
        if "maximum nesting depth" in problem:  # the parser has a limit of its own, and comes first
            what, hint = f"nested more than {MAX_DEPTH} levels deep", "a flatter file"
        if quotation := _goes_on(problem, text, line):
            what = f"not YAML: a value goes on behind {_short(quotation)}"
            hint = _WHOLE_QUOTED[quotation[0]]
        self.mistakes.append(Mistake(self.file, line, what, hint))


def _events(text: str) -> Iterator[yaml.Event]:
    parser = yaml.CSafeLoader(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def _context(error: yaml.MarkedYAMLError, line: int) -> str:
    """What the parser was in the middle of, which may have begun far above."""
    if not error.context:
        return ""
    began = error.context_mark.line + 1 if error.context_mark else line
    return f" {error.context}" + (f" that begins in line {began}" if began != line else "")


def _goes_on(problem: str, text: str, line: int) -> str:
    """The quotation that a value of that line begins with and goes on behind, if there is one."""
    shape = next((shape for words, shape in _GOES_ON if words in problem), None)
    rows = re.split(r"\r\n?|\n", text)
    found = shape.match(rows[line - 1][:_LOOKED_AT]) if shape and line <= len(rows) else None
    return next((group for group in found.groups() if group), "") if found else ""


def _short(text: str) -> str:
    return " ".join(text.split())[:40]
