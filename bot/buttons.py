"""What stands behind the buttons of an answer: a row for each, kept under a token.

The row says what a press means, who may press, and where; nothing of that is taken from the press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot import commands
from bot.amend.codec import Json
from bot.answer import Action, Answer, Status, to_json
from bot.chat import Asker, Kind, Place, Question
from bot.desk import Heard, Order
from bot.ports import Note
from bot.question import codec
from bot.question.context import Turn


TOKEN: Final = "token"  # noqa: S105 - a kind of note

BUTTONS_LAST: Final = timedelta(hours=24)
KEPT_LASTS: Final = timedelta(days=14)
SHARING_LASTS: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one answer: the base of their tokens, their event, where it was said, and when."""

    base: str
    event: str
    place: tuple[str, str]
    at: datetime
    rows: tuple[Json, ...]

    def note(self, until: datetime) -> Note:
        """What is kept of it."""
        payload = {
            "event": self.event,
            "place": [*self.place],
            "rows": [*self.rows],
            "at": self.at.isoformat(),
        }
        return Note("", TOKEN, self.base, payload, until)

    def token(self, number: int) -> str:
        """The token of a row."""
        return f"{self.base}.{number}"

    def used(self, said: str, *numbers: int) -> Sheet:
        """The same with some rows used up, or all of them, and by what."""
        spent = numbers or range(len(self.rows))
        rows = tuple({"used": said} if n in spent else row for n, row in enumerate(self.rows))
        return replace(self, rows=rows)


@dataclass(frozen=True, slots=True)
class Row:
    """What a button means, on its sheet."""

    sheet: Sheet
    number: int

    @property
    def means(self) -> Json:
        """What it means: the kind of it with what that takes."""
        return self.sheet.rows[self.number]

    @property
    def who(self) -> str:
        """The only person who may press it; empty if anybody may."""
        return str(self.means.get("who", ""))

    @property
    def organizers_only(self) -> bool:
        """Whether whoever presses it has to be an organizer."""
        return bool(self.means.get("organizer"))


def sheet(base: str, place: Place, rows: Sequence[Json], now: datetime) -> Sheet:
    """A sheet for what is said in a place now."""
    return Sheet(base, place.event, (place.platform, place.channel), now, tuple(rows))


def dressed(answer: Answer, sheet: Sheet) -> Answer:
    """An answer whose actions have the tokens of the rows of a sheet."""
    actions = tuple(replace(a, token=sheet.token(n)) for n, a in enumerate(answer.actions))
    return replace(answer, actions=actions)


def row_of(token: str, payload: Json | None) -> Row | None:
    """The row of a token in the note of its base; `None` if there is none."""
    base, _, number = token.partition(".")
    match payload:
        case {
            "event": str(event),
            "place": [str(platform), str(channel)],
            "rows": list(rows),
            "at": str(at),
        } if number in map(str, range(len(rows))):
            made = Sheet(base, event, (platform, channel), datetime.fromisoformat(at), tuple(rows))
            return Row(made, int(number))
        case _:
            return None


# -- what rows there are ---------------------------------------------------------------------


def kept_row(answer: Answer) -> Json:
    """The row of an answer that is shown in pages."""
    return {"kept": to_json(answer)}


def rows_for(answer: Answer, question: Question, order: Order | None) -> list[Json]:
    """A row for each action of an answer."""
    return [_row(action, order, question.asker) for action in answer.actions]


def _row(action: Action, order: Order | None, asker: Asker) -> Json:
    mine = {"who": asker.id, "organizer": True}
    if action.style == "form":
        return {"form": action.asks.removeprefix("form "), **mine}
    if order is not None and action.asks in ("yes", "no"):
        return {"order": order if action.asks == "yes" else None, **mine}
    if asker.organizer and commands.is_command(action.asks):
        return {"asks": action.asks, **mine}
    return {"asks": action.asks}


def share_row(question: Question, turns: tuple[Turn, ...]) -> Json:
    """The row of a button that shows to all what one person was told."""
    return {"share": question.text, "turns": codec.to_json(turns), "who": question.asker.id}


def can_share(question: Question, heard: Heard) -> bool:
    """Whether an answer that one person has may be of use to the others in a channel."""
    place = question.place
    return (
        place.private
        and not place.channel.startswith("@")
        and question.kind != Kind.TEXT
        and heard.turn is not None
        and heard.answer.status == Status.ANSWERED
        and bool(heard.answer.records)
    )
