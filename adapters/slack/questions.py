"""What Slack sends, as questions: messages, slash commands, presses, and forms that were filled in.

The shapes are those of docs.slack.dev: events, slash commands, block actions, view submissions.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.chat import Asker, Kind, Place, Question


Payload = Mapping[str, Any]
PLATFORM: Final = "slack"

_SPOKEN: Final = frozenset({None, "file_share", "thread_broadcast"})
"""Kinds of messages that somebody wrote; all others tell of something, edits and deletions too."""

_TS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
_MARKUP: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


@dataclass(frozen=True, slots=True)
class Back:
    """Where a reply goes: a channel, maybe a thread in it, and a response_url if there is one.

    What was asked `alone` is answered by that. `page` is the one that is wanted of a long answer.
    """

    channel: str
    thread: str = ""
    url: str = ""
    trigger: str = ""
    alone: bool = False
    page: int = 0

    def __str__(self) -> str:
        return json.dumps({k: v for k, v in asdict(self).items() if v})


def back_of(question: Question) -> Back:
    """How to reply to a question."""
    return Back(**json.loads(question.back))


def spoken(text: str, me: str) -> str:
    """What somebody wrote, without Slack's own markup and the mention of the bot."""

    def plain(found: re.Match[str]) -> str:
        sign, body, label = found.groups()
        match sign:
            case "@":
                return "" if body == me else label or ""
            case "#":
                return f"#{label}" if label else ""
            case "!":
                return ""
            case _:
                return label or body.removeprefix("mailto:")

    return " ".join(html.unescape(_MARKUP.sub(plain, text)).split())


def message(body: Payload, me: str, at: datetime) -> Question | None:
    """What somebody said to the bot, or in a thread where it may take part; `None` if nothing.

    In a channel a mention comes twice: as itself, and as a message.
    """
    event = body["event"]
    user, channel, ts = event.get("user"), event.get("channel", ""), event.get("ts", "")
    if event.get("subtype") not in _SPOKEN or event.get("bot_id") or not user or user == me:
        return None
    if "edited" in event:
        return None
    text, thread = event.get("text") or "", event.get("thread_ts", "")
    alone = channel.startswith("D")
    mentioned = re.search(rf"<@{me}(\|[^<>]*)?>", text) is not None
    if not (alone or mentioned) and (not thread or "<@" in text):
        return None
    place = Place("", PLATFORM, f"@{user}", thread, private=True)
    if not alone:
        place = Place("", PLATFORM, channel, thread or ts)
    return Question(
        body["event_id"],
        spoken(text, me) or "help",
        Asker(user),
        place,
        at,
        twin=f"{channel}/{ts}",
        addressed=alone or mentioned,
        opens=not alone and not thread,
        back=str(Back(channel, place.thread)),
    )


def thread_is_ours(body: Payload, me: str) -> bool:
    """Whether a message stands in a thread below one of the bot's own."""
    return bool(body["event"].get("parent_user_id") == me)


def sent(body: Payload) -> datetime | None:
    """When a message was sent, by Slack's clock; `None` if it doesn't say."""
    ts = str(body["event"].get("ts", ""))
    return datetime.fromtimestamp(float(ts), UTC) if _TS.fullmatch(ts) else None


def team(body: Payload) -> str:
    """The workspace that something comes from; empty if it doesn't say."""
    found = body.get("team_id") or (body.get("team") or {}).get("id") or ""
    return str(found)


def command(body: Payload, event: str, at: datetime) -> Question:
    """A slash command; the answer is for whoever gave it alone."""
    user, channel = body["user_id"], body["channel_id"]
    return Question(
        _hidden(body["trigger_id"]),
        spoken(body.get("text") or "", "") or "help",
        Asker(user, body.get("user_name", "")),
        Place(event, PLATFORM, _alone(channel, user), private=True),
        at,
        Kind.COMMAND,
        back=str(Back(channel, "", body["response_url"], body["trigger_id"], alone=True)),
    )


def press(body: Payload, at: datetime) -> Question | None:
    """A button that was pressed, or a choice that was made.

    Only the token and a page's number are taken from it: what it means, the token's row says.
    """
    user, action = body["user"], body["actions"][0]
    box, channel = body.get("container", {}), body.get("channel", {}).get("id", "")
    token = action.get("value") or action.get("selected_option", {}).get("value", "")
    if not token or not channel:
        return None
    style, _, number = str(action["action_id"]).partition(":")
    whispered = bool(box.get("is_ephemeral"))
    private = whispered or channel.startswith("D")
    thread = box.get("thread_ts") or body.get("message", {}).get("thread_ts") or ""
    if not private:
        thread = thread or box.get("message_ts", "")
    back = Back(
        channel,
        thread,
        body.get("response_url", ""),
        body.get("trigger_id", ""),
        whispered,
        int(number) if style == "more" and re.fullmatch("[0-9]{1,4}", number) else 0,
    )
    return Question(
        _hidden(body["trigger_id"]),
        "",
        Asker(user["id"], user.get("name") or user.get("username", "")),
        Place("", PLATFORM, _alone(channel, user["id"]), thread, private),
        at,
        Kind.PRESS,
        token,
        back=str(back),
    )


def form(body: Payload, at: datetime) -> Question:
    """A form that was filled in."""
    user, view = body["user"], body["view"]
    held = json.loads(view["private_metadata"])
    back = Back(**held["back"])
    values = [
        (name, next(iter(inputs.values())).get("value") or "")
        for name, inputs in view["state"]["values"].items()
    ]
    return Question(
        view["id"],
        "",
        Asker(user["id"], user.get("name", "")),
        Place("", PLATFORM, _alone(back.channel, user["id"]), private=True),
        at,
        Kind.FORM,
        held["token"],
        values=tuple(values),
        back=str(back),
    )


def form_held(token: str, back: Back) -> str:
    """What a form carries along, so that `form` can tell where it came from."""
    there = {"channel": back.channel, "url": back.url, "alone": True}
    return json.dumps({"token": token, "back": there})


def _hidden(trigger: str) -> str:
    """A name for what a trigger id names, which opens nothing."""
    return hashlib.sha256(trigger.encode()).hexdigest()[:24]


def _alone(channel: str, user: str) -> str:
    """A conversation with one person goes by that person, whatever its own id is."""
    return f"@{user}" if channel.startswith("D") else channel
