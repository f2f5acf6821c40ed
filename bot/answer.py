"""An answer as a platform-neutral document, its plain text, and its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Whether the records settle the question."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why an answer is unknown."""

    NOT_STATED = "not_stated"
    NO_SUCH = "no_such"
    NOT_UNDERSTOOD = "not_understood"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Time:
    """An instant, and how it reads at the venue."""

    instant: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link and its label."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words to be set in bold."""

    text: str


Inline = str | Time | Link | Strong
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks behind it are about."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Short facts, each under its label."""

    items: tuple[tuple[str, Line], ...]


Block = Paragraph | Bullets | Heading | Facts


@dataclass(frozen=True, slots=True)
class Action:
    """Something to press: its token names a stored row, at most 80 ASCII characters.

    In a terminal `asks` is the question that a press puts. Its style is `plain`, `primary` or
    `danger`; `dismiss` says no to what it stands under, `share` shows to all what one person was
    told, and `form` opens a form.
    """

    label: str
    asks: str = ""
    style: str = "plain"
    token: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form to fill in, with an example of what may stand there."""

    name: str
    label: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody is asked to fill in; its token names a stored row, as an action's does."""

    title: str
    fields: tuple[Field, ...]
    token: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a question.

    `edition` is the number of the edition that it rests on, 0 if on none. With a `form`, that is
    what is shown where forms can be; elsewhere the rest.
    """

    status: Status
    summary: Line
    blocks: tuple[Block, ...] = ()
    records: tuple[str, ...] = ()
    reason: Reason | None = None
    actions: tuple[Action, ...] = field(default=())
    edition: int = 0
    form: Form | None = None


def both(first: Answer, second: Answer) -> Answer:
    """One answer to a question that asks two things."""
    answered = Status.ANSWERED in (first.status, second.status)
    return Answer(
        Status.ANSWERED if answered else first.status,
        first.summary,
        tuple(dict.fromkeys((*first.blocks, Paragraph(second.summary), *second.blocks))),
        (*first.records, *second.records),
        None if answered else first.reason,
        (*first.actions, *second.actions),
    )


def plain_line(line: Line) -> str:
    """A line as plain text."""
    return "".join(_plain(part) for part in line)


def _plain(part: Inline) -> str:
    match part:
        case Time() | Strong():
            return part.text
        case Link():
            return f"{part.label} ({part.url})" if part.label else part.url
        case _:
            return part


def plain(answer: Answer) -> str:
    """The whole answer as plain text; nothing in it can mention anyone."""
    lines = [plain_line(answer.summary)]
    for block in answer.blocks:
        match block:
            case Paragraph(line):
                lines.append(plain_line(line))
            case Bullets(items):
                lines += [f"• {plain_line(item)}" for item in items]
            case Heading(text):
                lines.append(text)
            case Facts(items):
                lines += [f"{label}: {plain_line(line)}" for label, line in items]
    return disarmed("\n".join(line for line in lines if line))


def disarmed(text: str) -> str:
    """Text in which no platform sees a mention: @, <@, <! and <# are parted by zero-width joints."""
    text = text.replace("@", "@\u2060")
    for opening in ("<@", "<!", "<#"):
        text = text.replace(opening, f"<\u2060{opening[1]}")
    return text


def to_json(answer: Answer) -> dict[str, object]:
    """The answer as plain JSON values; `from_json` gives it back."""
    return {
        "status": str(answer.status),
        "reason": str(answer.reason) if answer.reason else None,
        "summary": _line_to_json(answer.summary),
        "blocks": [_block_to_json(b) for b in answer.blocks],
        "records": list(answer.records),
        "actions": [
            {"label": a.label, "asks": a.asks, "style": a.style, "token": a.token}
            for a in answer.actions
        ],
        "edition": answer.edition,
    }


def _line_to_json(line: Line) -> list[object]:
    found: list[object] = []
    for part in line:
        match part:
            case Time(instant, text):
                found.append({"time": instant.isoformat(), "text": text})
            case Link(label, url):
                found.append({"link": url, "label": label})
            case Strong(text):
                found.append({"strong": text})
            case _:
                found.append(part)
    return found


def _block_to_json(block: Block) -> dict[str, object]:
    match block:
        case Paragraph(line):
            return {"paragraph": _line_to_json(line)}
        case Bullets(items):
            return {"bullets": [_line_to_json(item) for item in items]}
        case Heading(text):
            return {"heading": text}
        case Facts(items):
            return {"facts": [[label, _line_to_json(line)] for label, line in items]}


def from_json(raw: Mapping[str, object]) -> Answer:
    """The answer that `to_json` made these values from; forms aren't kept."""
    reason = raw.get("reason")
    return Answer(
        status=Status(str(raw["status"])),
        summary=_line(raw["summary"]),
        blocks=tuple(_block(b) for b in _items(raw["blocks"])),
        records=tuple(str(r) for r in _items(raw["records"])),
        reason=Reason(str(reason)) if reason else None,
        actions=tuple(
            Action(str(a["label"]), str(a["asks"]), str(a["style"]), str(a["token"]))
            for a in _items(raw["actions"])
            if isinstance(a, Mapping)
        ),
        edition=int(str(raw.get("edition", 0))),
    )


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _line(value: object) -> Line:
    return tuple(_inline(part) for part in _items(value))


def _inline(part: object) -> Inline:
    if not isinstance(part, Mapping):
        return str(part)
    if "time" in part:
        return Time(datetime.fromisoformat(str(part["time"])), str(part["text"]))
    if "link" in part:
        return Link(str(part["label"]), str(part["link"]))
    return Strong(str(part["strong"]))


def _block(value: object) -> Block:
    match value:
        case {"bullets": items}:
            return Bullets(tuple(_line(item) for item in _items(items)))
        case {"heading": text}:
            return Heading(str(text))
        case {"facts": items}:
            pairs = (_items(item) for item in _items(items))
            return Facts(tuple((str(label), _line(line)) for label, line in pairs))
        case {"paragraph": line}:
            return Paragraph(_line(line))
        case _:
            raise ValueError("no block of an answer")


# The joint in disarmed mentions, and the joiners that some scripts are written with.
_HARMLESS: Final = "\n\u2060\u200c\u200d"


def clean(text: str) -> str:
    """Text without control characters, escape sequences and marks that turn the reading order."""
    if text.isprintable():
        return text
    return "".join(c if _is_harmless(c) else " " if c.isspace() else "" for c in text)


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in _HARMLESS
