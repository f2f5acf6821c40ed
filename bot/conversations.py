"""What follow-ups lean on: the last questions of each conversation, for half an hour."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.chat import Question
from bot.errors import TryLater
from bot.keeping import Keeping
from bot.ports import Note
from bot.question.codec import from_json, to_json
from bot.question.context import MOST_TURNS, Turn


CONTEXT_LASTS: Final = timedelta(minutes=30)
"""How long a conversation is remembered after its last question."""

_MOST: Final = 5_000
_KIND: Final = "context"


@dataclass(slots=True)
class _Conversation:
    turns: tuple[Turn, ...]
    at: datetime


class Conversations:
    """The conversations of all events: in the store, as another process may go on with one.

    In a thread the conversation belongs to the thread, elsewhere to the person in that place.
    """

    def __init__(self, keeping: Keeping | None = None) -> None:
        """Without `keeping`, and while that can't be reached, they are in memory alone."""
        self._keeping = keeping
        self._held: OrderedDict[tuple[str, str], _Conversation] = OrderedDict()

    def __len__(self) -> int:
        """How many conversations are in memory."""
        return len(self._held)

    async def turns(self, question: Question) -> tuple[Turn, ...]:
        """What is remembered of the question's conversation; all that have ended are forgotten."""
        now = question.at
        while self._held:
            oldest = next(iter(self._held))
            if now - self._held[oldest].at <= CONTEXT_LASTS:
                break
            del self._held[oldest]
        found = self._held.get(_key(question))
        if self._keeping is not None and not question.opens:
            with suppress(TryLater):
                event, key = _key(question)
                kept = _kept(await self._keeping.noted(event, _KIND, key, now))
                if kept is not None and (found is None or found.at < kept.at):
                    found = kept
        return found.turns if found is not None and now - found.at <= CONTEXT_LASTS else ()

    def went_on(self, question: Question, turns: tuple[Turn, ...], turn: Turn) -> Note:
        """Remember one turn more; the note is for the store."""
        kept = (*turns, turn)[-MOST_TURNS:]
        event, key = _key(question)
        self._held[event, key] = _Conversation(kept, question.at)
        self._held.move_to_end((event, key))
        while len(self._held) > _MOST:
            self._held.popitem(last=False)
        payload = {"at": question.at.isoformat(), "turns": to_json(kept)}
        return Note(event, _KIND, key, payload, question.at + CONTEXT_LASTS)


def _kept(payload: object) -> _Conversation | None:
    match payload:
        case {"at": str(at), "turns": turns}:
            return _Conversation(from_json(turns), datetime.fromisoformat(at))
        case _:
            return None


def _key(question: Question) -> tuple[str, str]:
    place = question.place
    whose = f"#{place.thread}" if place.thread else f"@{question.asker.id}"
    return place.event, f"{place.platform}/{place.channel}/{whose}"
