"""An answer as Discord shows it: an embed and components that keep within Discord's limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count
from typing import Any, Final

import discord

from adapters.discord.markup import (
    cut,
    length,
    line_size,
    markdown,
    one_line,
    plain_text,
    tame,
)
from bot.answer import (
    Action,
    Answer,
    Block,
    Bullets,
    Facts,
    Form,
    Heading,
    Line,
    Paragraph,
    Strong,
)
from bot.pages import paged, rows


Json = dict[str, Any]
"""A message, a modal, or a part of one, as Discord's HTTP API takes it."""

# For a phone. As a line's size is at least half of what it takes with its markup, a description has
# at most twice as much, and some more for bullets and the ends of lines.
_LINES: Final = 15
_CHARACTERS: Final = 1800

# https://docs.discord.com/developers/resources/message#embed-object-embed-limits
_FIELDS: Final = 25
_FIELD_NAME: Final = 256
_FIELD_VALUE: Final = 1024
_FOOTER: Final = 2048

# https://docs.discord.com/developers/components/reference
_ROWS: Final = 5
_BUTTONS: Final = 5
_LABEL: Final = 80
_OPTIONS: Final = 25
_OPTION: Final = 100
_TITLE: Final = 45
_INPUTS: Final = 5
_INPUT_LABEL: Final = 45
_PLACEHOLDER: Final = 100
_STYLES: Final = {"primary": 1, "danger": 4}
_SECONDARY: Final = 2

_TOKEN: Final = re.compile(r"[!-~]{1,80}")
_MOST_RECORDS: Final = 3
_RECORD: Final = 100
_CODE: Final = 40
_BESIDE: Final = 100  # fields that are longer don't stand side by side


@lru_cache(maxsize=64)  # a page is drawn from the whole answer each time
def pages(answer: Answer) -> tuple[Answer, ...]:
    """The answer in parts that each fit a message, with all lines in order."""
    return paged(answer, line_size, lines=_LINES, characters=_CHARACTERS)


def message(
    answer: Answer, *, page: int = 0, more: str = "", private: bool = False, code: str = ""
) -> Json:
    """A page of an answer: its `embeds` and `components`.

    `more` is the token by which the other pages are asked for, with buttons `more:N:token`; without
    one it says how much is missing. Only what is `private` can be shared. By the `code` in its
    footer a post is found again.
    """
    parts = pages(answer)
    page = min(max(page, 0), len(parts) - 1)
    part = parts[page]
    if not private:
        part = replace(part, actions=tuple(a for a in part.actions if a.style != "share"))
    missing = sum(len(rows(later.blocks)) for later in parts[page + 1 :])
    turns: list[Json] = []
    if _TOKEN.fullmatch(more):
        turns += [_turn("Back", page - 1, more)] if page else []
        turns += [_turn("More", page + 1, more)] if page + 1 < len(parts) else []
    elif missing:
        part = _noted(part, f"… and {_several(missing, 'more line')}; ask me for the rest.")
    components, left_out = _components(part.actions, turns)
    if left_out:
        part = _noted(part, f"… {_several(left_out, 'more choice')}; ask for them by name.")
    return {"embeds": [_embed(part, code)], "components": components}


def _several(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _noted(answer: Answer, note: str) -> Answer:
    return replace(answer, blocks=(*answer.blocks, Paragraph((note,))))


# -- embeds ----------------------------------------------------------------------------------


def _embed(answer: Answer, code: str) -> Json:
    """An answer's words, or dots if it has none, and what it rests on."""
    above, fields = _parted(rows(answer.blocks))
    lines = [markdown(answer.summary, dated=True)]
    for row in above:
        text = _line(row)
        if isinstance(row, Heading) and text and any(lines):
            lines.append("\n" + text)
        else:
            lines.append(text)
    embed: Json = {}
    description = "\n".join(filter(None, lines))
    if description or not fields:
        embed["description"] = description or "…"
    if fields:
        embed["fields"] = fields
    if about := _about(answer, code):
        embed["footer"] = {"text": about}
    return embed


def _parted(blocks: Sequence[Block]) -> tuple[Sequence[Block], list[Json]]:
    """Blocks of one line each: those of the description, and the facts behind them as fields.

    Discord shows fields below everything else, so that other facts must be lines to keep the order.
    """
    fields: list[Json] = []
    start = len(blocks)
    while start and len(fields) < _FIELDS:
        block = blocks[start - 1]
        if not isinstance(block, Facts):
            break
        label, line = block.items[0]
        if markdown(line):
            field = _field(label, line)
            if not field:
                break
            fields.append(field)
        start -= 1
    return blocks[:start], fields[::-1]


def _field(label: str, line: Line) -> Json:
    """A fact as a field; nothing if it is too long for one."""
    value = markdown(line)
    name = tame(label) or "\u200b"  # none without a name
    if length(name) > _FIELD_NAME or length(value) > _FIELD_VALUE:
        return {}
    return {"name": name, "value": value, "inline": line_size(line) <= _BESIDE}


def _line(row: Block) -> str:
    match row:
        case Paragraph(line):
            return markdown(line, dated=True)
        case Bullets(items):
            text = markdown(items[0])
            return f"• {text}" if text else ""
        case Heading(text):
            return markdown((Strong(text),))
        case Facts(items):
            label, line = items[0]
            value = markdown(line)
            name = markdown((Strong(label),))
            return f"{name} {value}" if name and value else value


def _about(answer: Answer, code: str) -> str:
    """What the answer rests on, and by which code the post is known."""
    records = [*dict.fromkeys(plain_text(r, _RECORD) for r in answer.records if one_line(r))]
    about = ", ".join(records[:_MOST_RECORDS])
    if len(records) > _MOST_RECORDS:
        about += f" and {len(records) - _MOST_RECORDS} more"
    edition = f"edition {answer.edition}" if answer.edition > 0 and about else ""
    known = f"#{plain_text(code, _CODE)}" if one_line(code) else ""
    return " · ".join(filter(None, (about, edition, known)))


# -- what can be pressed ---------------------------------------------------------------------


def _components(actions: Sequence[Action], turns: Sequence[Json]) -> tuple[list[Json], int]:
    """Rows of buttons, and of lists instead where there would be many plain ones.

    With them comes how many actions found no place; what isn't plain takes its place first.
    """
    able = [(n, a) for n, a in enumerate(actions) if _TOKEN.fullmatch(a.token)]
    plain = [(n, a) for n, a in able if _style(a) == "plain"]
    others = [(n, a) for n, a in able if _style(a) != "plain"]
    room = _ROWS - bool(turns)
    most = _BUTTONS * (room - bool(plain))
    buttons, left_out = others[:most], max(len(others) - most, 0)
    room -= -(-len(buttons) // _BUTTONS)
    drawn: list[Json] = []
    if len(plain) <= _BUTTONS:
        drawn += _button_rows(plain)
    else:
        # A token may stand in a list once, and the same one means the same anywhere.
        first: dict[str, Action] = {}
        for _, action in plain:
            first.setdefault(action.token, action)
        choices = [*first.values()]
        left_out += max(len(choices) - _OPTIONS * room, 0)
        drawn += _choice_rows(choices[: _OPTIONS * room])
    drawn += _button_rows(buttons)
    drawn += [_row(turns)] if turns else []
    return drawn, left_out


def _style(action: Action) -> str:
    known = ("primary", "danger", "dismiss", "share", "form")
    return action.style if action.style in known else "plain"


def _button_rows(actions: Sequence[tuple[int, Action]]) -> Iterator[Json]:
    labels = _distinct([a.label for _, a in actions], _LABEL)
    buttons = [
        _button(f"{_style(a)}:{n}:{a.token}", label, _STYLES.get(a.style, _SECONDARY))
        for (n, a), label in zip(actions, labels, strict=True)
    ]
    for start in range(0, len(buttons), _BUTTONS):
        yield _row(buttons[start : start + _BUTTONS])


def _choice_rows(actions: Sequence[Action]) -> Iterator[Json]:
    labels = _distinct([a.label for a in actions], _OPTION)
    options = [
        {"label": plain_text(label, _OPTION), "value": a.token}
        for a, label in zip(actions, labels, strict=True)
    ]
    for number, start in enumerate(range(0, len(options), _OPTIONS)):
        select = {
            "type": 3,
            "custom_id": f"choose:{number}",
            "placeholder": "Choose …",
            "options": options[start : start + _OPTIONS],
        }
        yield _row([select])


def _row(components: Sequence[Json]) -> Json:
    return {"type": 1, "components": [*components]}


def _button(custom_id: str, label: str, style: int = _SECONDARY) -> Json:
    return {
        "type": 2,
        "style": style,
        "label": plain_text(label, _LABEL),
        "custom_id": custom_id,
    }


def _turn(label: str, page: int, token: str) -> Json:
    return _button(f"more:{page}:{token}", label)


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


# -- forms -----------------------------------------------------------------------------------


def modal(form: Form) -> Json:
    """A form of one to five fields as a modal; what is filled in has a field's name as its id."""
    return {
        "title": plain_text(form.title, _TITLE),
        "custom_id": f"form:{form.token}",
        "components": [
            _row(
                [
                    {
                        "type": 4,
                        "style": 1,
                        "custom_id": field.name,
                        "label": plain_text(field.label, _INPUT_LABEL),
                        "required": True,
                        **(
                            {"placeholder": plain_text(field.example, _PLACEHOLDER)}
                            if one_line(field.example)
                            else {}
                        ),
                    }
                ]
            )
            for field in form.fields[:_INPUTS]
        ],
    }


# -- as discord.py has them ------------------------------------------------------------------

# discord.py keeps what it sends in a store, to call it when something in it is pressed, unless it
# is finished (discord.py 2.7.1: `is_finished()` in abc.py, message.py, interactions.py and
# webhook/async_.py). Here presses are read from their custom ids instead, so that those of
# yesterday work as well. Whether a view is finished is only known if it was made in a running loop.


def view(message: Json) -> discord.ui.View | None:
    """The components of a message, finished; `None` if it has none. An event loop must run."""
    found = discord.ui.View(timeout=None)
    for number, row in enumerate(message["components"]):
        for item in row["components"]:
            found.add_item(_item(item, number))
    found.stop()
    return found if found.children else None


def _item(item: Json, row: int) -> discord.ui.Item[discord.ui.View]:
    if item["type"] == 2:
        style = discord.ButtonStyle(item["style"])
        return discord.ui.Button(
            style=style, label=item["label"], custom_id=item["custom_id"], row=row
        )
    return discord.ui.Select(
        custom_id=item["custom_id"],
        placeholder=item["placeholder"],
        options=[discord.SelectOption(**option) for option in item["options"]],
        row=row,
    )


def modal_view(modal: Json) -> discord.ui.Modal:
    """A modal as discord.py sends it, finished. An event loop must run."""
    found = discord.ui.Modal(title=modal["title"], custom_id=modal["custom_id"], timeout=None)
    for row in modal["components"]:
        for field in row["components"]:
            found.add_item(
                discord.ui.TextInput(
                    label=field["label"],
                    custom_id=field["custom_id"],
                    placeholder=field.get("placeholder"),
                    required=field["required"],
                )
            )
    found.stop()
    return found
