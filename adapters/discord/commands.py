"""The slash commands of the bot: what Discord is told of them, and what each asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


Json = dict[str, Any]

# discord-api-docs: application commands, option types.
_SUB, _TEXT, _YES_NO = 1, 3, 5
_MANAGE_SERVER: Final = 1 << 5
_IN_SERVERS: Final = 0  # the contexts of a command: servers, the bot's own conversations
_ALONE: Final = 1
_MOST_CHOICES: Final = 25

_ORGANIZER: Final = "organizer"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command asks, of which event if it names one, and whether all may read the answer."""

    text: str
    event: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class _Command:
    """A command with one option, whose words stand between two texts of the question."""

    about: str
    before: str
    option: str = ""
    hint: str = ""
    after: str = ""
    completes: str = ""
    needed: bool = True


_COMMANDS: Final = {
    "ask": _Command("Ask anything about the workshop", "", "question", "when is lunch?"),
    "now": _Command("What is on now", "what's on now?"),
    "next": _Command("What comes next", "what's next?"),
    "program": _Command("The program of a day", "program ", "day", "today, monday", needed=False),
    "talk": _Command("About a talk", "tell me about “", "title", "part of its title", "”", "talk"),
    "person": _Command("About a person", "who is ", "name", "part of the name", "?", "person"),
    "deadlines": _Command("Dates of the call for papers", "deadlines"),
    "help": _Command("How to ask", "help"),
}
_VERBS: Final = {
    "say": ("Any organizer's command, as in a terminal", ("line",)),
    "delay": ("Delay a session, a talk or a room", ("what", "minutes")),
    "move": ("Move a session or talk to another time or room", ("what", "where")),
    "cancel": ("Cancel a session or talk", ("what",)),
    "undo": ("Take back the last change", ()),
    "changes": ("List what was changed, by whom", ()),
    "list": ("All that organizers can do, with a form for each", ()),
}
_LINES: Final[Mapping[str, Sequence[str]]] = {
    "say": ("", "line"),
    "delay": ("delay ", "what", " by ", "minutes"),
    "move": ("move ", "what", " to ", "where"),
    "cancel": ("cancel ", "what"),
    "undo": ("undo",),
    "changes": ("changes",),
    "list": ("organize",),
}
_HINTS: Final = {
    "line": "delay session 2 by 10",
    "what": "session 2, the QUIC talk",
    "minutes": "10",
    "where": "15:00, the foyer, or both",
}


def payload(events: Mapping[str, str]) -> list[Json]:
    """The commands of a server in which some events are at home, as Discord is told them."""
    found = [_told(name, command, events) for name, command in _COMMANDS.items()]
    found.append(
        {
            "name": _ORGANIZER,
            "description": "Change the program",
            "type": 1,
            "contexts": [_IN_SERVERS],
            "default_member_permissions": str(_MANAGE_SERVER),
            "options": [
                {
                    "type": _SUB,
                    "name": name,
                    "description": about,
                    "options": [
                        *(_option(o, _HINTS[o], needed=True) for o in options),
                        *_event_option(events),
                    ],
                }
                for name, (about, options) in _VERBS.items()
            ],
        }
    )
    return found


def _told(name: str, command: _Command, events: Mapping[str, str]) -> Json:
    options = []
    if command.option:
        made = _option(command.option, command.hint, needed=command.needed)
        options.append(made | ({"autocomplete": True} if command.completes else {}))
    options.append(
        {"type": _YES_NO, "name": "share", "description": "Let all in the channel read the answer"}
    )
    return {
        "name": name,
        "description": command.about,
        "type": 1,
        "contexts": [_IN_SERVERS, _ALONE],
        "options": [*options, *_event_option(events)],
    }


def _option(name: str, hint: str, *, needed: bool) -> Json:
    return {"type": _TEXT, "name": name, "description": hint, "required": needed}


def _event_option(events: Mapping[str, str]) -> Iterator[Json]:
    """Which event, where several are at home in a server."""
    if len(events) > 1:
        choices = [{"name": s[:100], "value": id_} for id_, s in [*events.items()][:_MOST_CHOICES]]
        yield {"type": _TEXT, "name": "event", "description": "Which event", "choices": choices}


def text_of(data: Mapping[str, Any]) -> Asked:
    """What a command asks, as a line that anybody could have typed."""
    name = str(data.get("name", ""))
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    if name == _ORGANIZER and options:
        name, options = str(options[0].get("name", "")), options[0].get("options") or ()
        given = {str(o["name"]): o.get("value", "") for o in options}
        line = "".join(str(given.get(p, "")) if p in _HINTS else p for p in _LINES.get(name, ()))
        return Asked(" ".join(line.split()), str(given.get("event", "")))
    given = {str(o["name"]): o.get("value", "") for o in options}
    command = _COMMANDS.get(name)
    if command is None:
        return Asked("help")
    words = " ".join(str(given.get(command.option, "")).split())
    text = f"{command.before}{words}{command.after}".strip()
    return Asked(text, str(given.get("event", "")), given.get("share") is True)


def typed(data: Mapping[str, Any]) -> tuple[str, str, str]:
    """What is being typed: which kind of name, as far as it is typed, and of which event."""
    command = _COMMANDS.get(str(data.get("name", "")))
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    given = {str(o["name"]): str(o.get("value", "")) for o in options}
    focused = next((str(o.get("value", "")) for o in options if o.get("focused")), "")
    return command.completes if command else "", focused, given.get("event", "")
