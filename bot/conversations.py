"""What follow-ups lean on: the last questions of each conversation, for half an hour."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.chat import Question
from bot.errors import TryLater
from bot.ports import Note, Notes
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
    """The conversations of all events; those of the last time in memory, the others in the store.

    In a thread the conversation belongs to the thread, elsewhere to the person in that place.
    """

    def __init__(self, notes: Notes | None = None) -> None:
        """Without `notes` what isn't in memory is gone."""
        self._notes = notes
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
        known = self._held.get(_key(question))
        if known is not None:
            return known.turns if now - known.at <= CONTEXT_LASTS else ()
        if self._notes is None or question.opens:
            return ()
        event, key = _key(question)
        with suppress(TryLater):  # then the question stands alone
            return from_json(await self._notes.noted(event, _KIND, key, now))
        return ()

    def went_on(self, question: Question, turns: tuple[Turn, ...], turn: Turn) -> Note:
        """Remember one turn more; the note is for the store."""
        kept = (*turns, turn)[-MOST_TURNS:]
        event, key = _key(question)
        self._held[event, key] = _Conversation(kept, question.at)
        self._held.move_to_end((event, key))
        while len(self._held) > _MOST:
            self._held.popitem(last=False)
        return Note(event, _KIND, key, to_json(kept), question.at + CONTEXT_LASTS)


def _key(question: Question) -> tuple[str, str]:
    place = question.place
    whose = f"#{place.thread}" if place.thread else f"@{question.asker.id}"
    return place.event, f"{place.platform}/{place.channel}/{whose}"
