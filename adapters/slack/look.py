"""An answer as Slack shows it: Block Kit that keeps within Slack's limits whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count
from typing import Any, Final

from adapters.slack.markup import (
    cut,
    escaped,
    length,
    line_size,
    marked,
    mrkdwn,
    one_line,
    plain_text,
    read_aloud,
)
from bot.answer import (
    Action,
    Answer,
    Bullets,
    Facts,
    Field,
    Form,
    Heading,
    Line,
    Paragraph,
    Strong,
)
from bot.pages import paged, rows


Json = dict[str, Any]
"""A payload, or a part of one, for one of Slack's methods."""

# For a phone. The markup of times and links counts as well, so that a line fits a section by itself.
_LINES: Final = 15
_CHARACTERS: Final = 2800

# https://docs.slack.dev/reference/block-kit/blocks and /block-elements
_SECTION: Final = 3000
_FIELD: Final = 2000
_FIELDS: Final = 10
_HEADER: Final = 150
_ELEMENTS: Final = 25
_BUTTON: Final = 75  # the text of an option, too
_OPTIONS: Final = 100
_OPTION_VALUE: Final = 150
_PLACEHOLDER: Final = 150
_LABEL: Final = 2000
_TITLE: Final = 24

# All texts of a message together may have some 13,200 characters (slackapi/bolt-js, issue 2509).
_LABELS: Final = 6000
_MOST_ACTIONS: Final = 300
_MOST_BUTTONS: Final = 5
_MOST_RECORDS: Final = 3
_RECORD: Final = 100

# A home view may have 100 blocks and 250 kB (https://docs.slack.dev/reference/methods/views.publish).
_HOME_BLOCKS: Final = 99
_HOME_BYTES: Final = 120_000


@lru_cache(maxsize=64)  # a page is drawn from the whole answer each time
def pages(answer: Answer) -> tuple[Answer, ...]:
    """The answer in parts that each fit a message, with all lines in order."""
    return paged(answer, line_size, lines=_LINES, characters=_CHARACTERS)


def message(answer: Answer, *, page: int = 0, more: str = "", private: bool = False) -> Json:
    """A page of an answer as arguments of chat.postMessage, without a channel.

    `more` is the token by which the other pages are asked for, with buttons `more:N`; without one
    it says how much is missing. Only what is `private` can be shared.
    """
    parts = pages(answer)
    page = min(max(page, 0), len(parts) - 1)
    part = parts[page]
    if not private:
        part = replace(part, actions=tuple(a for a in part.actions if a.style != "share"))
    missing = sum(len(rows(later.blocks)) for later in parts[page + 1 :])
    if missing and not more:
        part = replace(part, blocks=(*part.blocks, Paragraph((_missing(missing),))))
    turns = [_turn("Back", page - 1, more)] if page else []
    turns += [_turn("More", page + 1, more)] if page + 1 < len(parts) else []
    return {
        "text": read_aloud(part),
        "blocks": [*_blocks(part, turns if more else [])],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def modal(form: Form, private_metadata: str) -> Json:
    """A form as a view for views.open; what is filled in stands under a field's name and `value`."""
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": private_metadata,
        "title": plain_text(form.title, _TITLE),
        "submit": plain_text("OK", _TITLE),
        "close": plain_text("Cancel", _TITLE),
        "blocks": [_input(field) for field in form.fields],
    }


def _input(field: Field) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": "value"}
    if field.example:
        element["placeholder"] = plain_text(field.example, _PLACEHOLDER)
    label = plain_text(field.label, _LABEL)
    return {"type": "input", "block_id": field.name, "label": label, "element": element}


def home(answers: Sequence[Answer]) -> Json:
    """Answers one behind the other as a view for views.publish, as much of them as fits."""
    blocks: list[Json] = []
    parts = [(n, part) for answer in answers for n, part in enumerate(_parts(answer))]
    size = 0
    for done, (number, part) in enumerate(parts):
        new = [*_blocks(part)]
        if blocks and not number:
            new.insert(0, {"type": "divider"})
        size += len(json.dumps(new))
        if len(blocks) + len(new) > _HOME_BLOCKS or size > _HOME_BYTES:
            left = sum(len(rows(p.blocks)) + (not n) for n, p in parts[done:])
            blocks.append(_section(_missing(left)))
            break
        blocks += new
    return {"type": "home", "blocks": blocks or [_section("…")]}


def _parts(answer: Answer) -> Iterator[Answer]:
    """The pages of an answer as they follow each other in one view."""
    *parts, last = pages(answer)
    yield from (
        replace(part, records=(), edition=0, summary=() if n else part.summary)
        for n, part in enumerate(parts)
    )
    yield replace(last, summary=()) if parts else last


def _missing(lines: int) -> str:
    return f"… and {lines} more {'line' if lines == 1 else 'lines'}; ask me for the rest."


# -- blocks ----------------------------------------------------------------------------------


def _blocks(answer: Answer, turns: Sequence[Json] = ()) -> Iterator[Json]:
    """An answer's words, or dots if it has none; what can be pressed, and what it rests on."""
    yield from [*_lines(answer)] or [_section("…")]
    yield from _actions(answer.actions)
    if turns:
        yield {"type": "actions", "elements": [*turns]}
    if about := _about(answer):
        yield {"type": "context", "elements": [plain_text(about, _SECTION)]}


def _lines(answer: Answer) -> Iterator[Json]:
    if summary := mrkdwn(answer.summary, dated=True):
        yield _section(summary)
    for block in answer.blocks:
        match block:
            case Paragraph(line):
                yield from _sections([mrkdwn(line, dated=True)])
            case Bullets(items):
                yield from _sections([f"• {text}" for text in map(mrkdwn, items) if text])
            case Heading(text):
                yield from _heading(text)
            case Facts(items):
                yield from _facts(items)


def _section(text: str) -> Json:
    return {"type": "section", "text": marked(text)}


def _sections(texts: Sequence[str]) -> Iterator[Json]:
    """Lines, as many in a section as it holds."""
    held = ""
    for text in filter(None, texts):
        longer = f"{held}\n{text}" if held else text
        if length(longer) > _SECTION:
            yield _section(held)
            longer = text
        held = longer
    if held:
        yield _section(held)


def _heading(text: str) -> Iterator[Json]:
    if not mrkdwn((text,)):
        return
    whole = plain_text(text, _SECTION)
    if length(escaped(whole["text"])) <= _HEADER:
        yield {"type": "header", "text": whole}
    else:
        yield _section(mrkdwn((Strong(text),)))


def _facts(items: Sequence[tuple[str, Line]]) -> Iterator[Json]:
    """Facts side by side, up to ten in a section; one too long for that has a section of its own."""
    fields: list[Json] = []
    for label, line in items:
        value = mrkdwn(line)
        text = f"{name}\n{value}" if (name := mrkdwn((Strong(label),))) else value
        if not value:
            continue
        if fields and (len(fields) == _FIELDS or length(text) > _FIELD):
            yield {"type": "section", "fields": fields}
            fields = []
        if length(text) > _FIELD:
            yield _section(text)
        else:
            fields.append(marked(text))
    if fields:
        yield {"type": "section", "fields": fields}


def _about(answer: Answer) -> str:
    """What the answer rests on."""
    records = [*dict.fromkeys(cut(r, _RECORD) for r in answer.records if one_line(r))]
    about = ", ".join(records[:_MOST_RECORDS])
    if len(records) > _MOST_RECORDS:
        about += f" and {len(records) - _MOST_RECORDS} more"
    edition = f"edition {answer.edition}" if answer.edition > 0 and about else ""
    return " · ".join(filter(None, (about, edition)))


# -- what can be pressed ---------------------------------------------------------------------


def _actions(actions: Sequence[Action]) -> Iterator[Json]:
    """Buttons, and a list to choose from instead where there would be many plain ones."""
    able = [(n, a) for n, a in enumerate(actions) if 0 < len(a.token) <= _OPTION_VALUE]
    able = able[:_MOST_ACTIONS]
    width = min(_BUTTON, _LABELS // max(len(able), 1))
    labelled = [*zip(able, _distinct([a.label for _, a in able], width), strict=True)]
    plain = [(a, label) for (_, a), label in labelled if _style(a) == "plain"]
    if len(plain) <= _MOST_BUTTONS:
        plain = []
    elements = [
        _choice(number, plain[start : start + _OPTIONS])
        for number, start in enumerate(range(0, len(plain), _OPTIONS))
    ]
    elements += [
        _button(f"{_style(a)}:{n}", label, a.token, _style(a))
        for (n, a), label in labelled
        if not plain or _style(a) != "plain"
    ]
    for start in range(0, len(elements), _ELEMENTS):
        yield {"type": "actions", "elements": elements[start : start + _ELEMENTS]}


def _style(action: Action) -> str:
    known = ("primary", "danger", "dismiss", "share", "form")
    return action.style if action.style in known else "plain"


def _button(action_id: str, label: str, token: str, style: str = "plain") -> Json:
    shown = {"style": style} if style in {"primary", "danger"} else {}
    text = plain_text(label, _BUTTON)
    return {"type": "button", "action_id": action_id, "text": text, "value": token, **shown}


def _choice(number: int, options: Sequence[tuple[Action, str]]) -> Json:
    return {
        "type": "static_select",
        "action_id": f"choose:{number}",
        "placeholder": plain_text("Choose …", _PLACEHOLDER),
        "options": [{"text": plain_text(label, _BUTTON), "value": a.token} for a, label in options],
    }


def _turn(label: str, page: int, token: str) -> Json:
    return _button(f"more:{page}", label, token)


def _distinct(labels: Sequence[str], most: int) -> list[str]:
    """Labels that aren't too long; those that would be the same are numbered."""
    found: dict[str, None] = {}
    numbers: dict[str, Iterator[int]] = {}
    for label in labels:
        shown = base = cut(label, most)
        while shown in found:
            number = f" ({next(numbers.setdefault(base, count(2)))})"
            shown = cut(label, most - len(number)) + number
        found[shown] = None
    return [*found]
