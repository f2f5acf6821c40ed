"""What Discord sends, as questions: messages, slash commands, presses, and forms that were filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import discord

from adapters.discord.commands import text_of
from bot.chat import Asker, Kind, Place, Question


PLATFORM: Final = "discord"

_MARKUP: Final = re.compile(r"<(@!?|@&|#|t:|a?:\w+:|/[^:>]+:)(\d+)[^>]*>")


@dataclass(frozen=True, slots=True)
class Back:
    """Where a reply goes: below a message of a channel, or to an interaction by its token."""

    channel: int = 0
    message: int = 0
    app: int = 0
    token: str = ""
    public: bool = False
    page: int = 0

    def __str__(self) -> str:
        return json.dumps({k: v for k, v in asdict(self).items() if v})


def back_of(question: Question) -> Back:
    """How to reply to a question."""
    return Back(**json.loads(question.back))


def spoken(text: str) -> str:
    """What somebody wrote, without mentions and Discord's other markup."""
    return " ".join(_MARKUP.sub(" ", text).split())


def asker(user: discord.abc.User) -> Asker:
    """Who speaks, with the roles that they have where they speak."""
    roles = [str(role.id) for role in getattr(user, "roles", ())]
    return Asker(str(user.id), user.display_name, groups=frozenset(roles))


def message(said: discord.Message, me: int, event: str, at: datetime) -> Question | None:
    """What somebody said to the bot alone, or with its name; `None` if it isn't for it.

    What is said to others has no text here: the bot asks for no leave to read it.
    """
    if said.author.bot or said.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    alone = said.guild is None
    if not said.content or not (alone or any(user.id == me for user in said.mentions)):
        return None
    return Question(
        str(said.id),
        spoken(said.content) or "help",
        asker(said.author),
        _place(said.channel, str(said.author.id), event, private=alone),
        at,
        back=str(Back(said.channel.id, said.id)),
    )


def interaction(came: discord.Interaction, event: str, at: datetime) -> Question | None:
    """A slash command, a press, or a form that was filled in."""
    data: Mapping[str, Any] = came.data or {}
    values: tuple[tuple[str, str], ...] = ()
    if came.channel is None:
        return None
    alone = came.guild is None
    back = Back(came.channel.id, 0, came.application_id, came.token)
    who = asker(came.user)
    match came.type:
        case discord.InteractionType.application_command:
            asked = text_of(data)
            private = alone or not asked.shared
            place = _place(came.channel, who.id, asked.event or event, private=private)
            back = Back(back.channel, 0, back.app, back.token, asked.shared)
            kind, text, token = Kind.COMMAND, asked.text, ""
        case discord.InteractionType.component:
            pressed = str(data.get("custom_id", ""))
            picked = data.get("values") or [pressed.rpartition(":")[2]]
            style, number = pressed.split(":", maxsplit=1)[0], pressed.split(":")[1:2]
            flags = came.message.flags if came.message is not None else None
            whispered = flags is not None and flags.ephemeral
            page = int(number[0]) if style == "more" and number[0].isdecimal() else 0
            back = Back(back.channel, 0, back.app, back.token, not whispered, page)
            place = _place(came.channel, who.id, event, private=alone or whispered)
            kind, text, token = Kind.PRESS, "", str(picked[0])
        case discord.InteractionType.modal_submit:
            token = str(data.get("custom_id", "")).rpartition(":")[2]
            place = _place(came.channel, who.id, event, private=True)
            kind, text, values = Kind.FORM, "", tuple(_filled(data))
        case _:
            return None
    return Question(str(came.id), text, who, place, at, kind, token, values=values, back=str(back))


def _filled(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The values of a form's fields by their names."""
    rows = data.get("components", ())
    fields = [f for row in rows for f in row.get("components") or [row.get("component", {})]]
    return [(str(f.get("custom_id", "")), str(f.get("value", ""))) for f in fields]


def _place(channel: Any, who: str, event: str, *, private: bool) -> Place:  # noqa: ANN401
    """Where something is said; in a thread, the channel is the one that it belongs to."""
    if getattr(channel, "guild", None) is None:
        return Place(event, PLATFORM, f"@{who}", private=True)
    if isinstance(channel, discord.Thread):
        return Place(event, PLATFORM, str(channel.parent_id), str(channel.id), private)
    return Place(event, PLATFORM, str(channel.id), private=private)
