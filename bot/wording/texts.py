"""What records are about: the authors' words quoted, our own summaries said to be ours."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer import Line
from bot.event import Session, Talk
from bot.find import Row, World
from bot.passages import sentences
from bot.wording.voice import counted, joined, spans, title, unstated


SHORT = 480
"""Characters of a text that tell what a talk is about."""


def about(row: Row, world: World, most: int = SHORT) -> Line:
    """What a session or talk is about, in short: in so many characters of its text."""
    if isinstance(row, Session):
        talks = [world.event.talk_by_id[t] for t in row.talks]
        if len(talks) == 1:
            return about(talks[0], world, most)
        if row.summary:
            return (f"In short: {row.summary}",)
        if talks:
            return (
                f"{row.name} has {counted(len(talks), 'talk')}: ",
                joined([f"{title(t)}{'' if world.live(t) else ' (cancelled)'}" for t in talks]),
                ".",
            )
        return (row.name, ", ", *spans(world, row), ".")
    if isinstance(row, Talk):
        if row.summary:
            return (f"{title(row)}. In short: {shortened(row.summary, most)}",)
        if row.abstract:
            return (f"{title(row)}: “{shortened(row.abstract, most)}”",)
        return unstated(f"No abstract of {title(row)} is on record.")
    return ()


def gist(row: Row, world: World, most: int) -> Line:
    """The first sentences of our own summary of a talk that is alone in its place."""
    if isinstance(row, Session) and len(row.talks) == 1:
        row = world.event.talk_by_id[row.talks[0]]
    if not isinstance(row, Talk) or not row.summary or most < _LEAST:
        return ()
    text = shortened(row.summary, most)
    return (f"In short: {text}",) if len(text) <= most else ()


_LEAST = 120
"""Characters without which a gist says nothing."""


def beside(said: Sequence[str]) -> int:
    """The characters that a text may have beside sentences that answer more closely."""
    return max(SHORT - sum(map(len, said)), SHORT // 3)


def abstract(row: Row, world: World) -> Line:
    """The authors' abstract if it is on record, else our summary, said to be one."""
    if isinstance(row, Session) and len(row.talks) == 1:
        return abstract(world.event.talk_by_id[row.talks[0]], world)
    if isinstance(row, Talk):
        if row.abstract:
            return (f"Abstract of {title(row)}: “{row.abstract}”",)
        if row.summary:
            return (
                (
                    f"The authors' abstract of {title(row)} isn't in my records; here is a summary"
                    f" in other words. In short: {row.summary}"
                ),
            )
    return about(row, world)


def shortened(text: str, limit: int) -> str:
    """Whole sentences up to a length."""
    parts = [s.text for s in sentences(text)]
    kept: list[str] = []
    for part in parts:
        if kept and sum(map(len, kept)) + len(part) > limit:
            break
        kept.append(part)
    return " ".join(kept)
