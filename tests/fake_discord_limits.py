"""What Discord refuses of messages, modals, commands and events, and whom a message would ping.

A problem is said as "code: where: what", with the error code that Discord would answer.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple


Json = dict[str, Any]

INVALID, EMPTY = 50035, 50006
V2 = 1 << 15
EMBEDS_MOST = 6000
BUTTON, TEXT_INPUT, LABEL, TEXT = 2, 4, 18, 10
SELECTS = {3, 5, 6, 7, 8}
# What components may hold others, and under which name.
HOLDERS = {
    1: ("components",),
    9: ("components", "accessory"),
    17: ("components",),
    18: ("component",),
}
SHOWN = ("title", "description", "fields", "author", "footer", "image", "thumbnail", "video")
NAME = re.compile(r"[-_'\w]{1,32}")
USER, ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(?:everyone|here)")


class Problem(NamedTuple):
    code: int
    where: tuple[str, ...]
    kind: str
    what: str

    def __str__(self):
        return f"{self.code}: {'.'.join(self.where) or 'message'}: {self.what}"


class Checker:
    """Gathers what is wrong."""

    def __init__(self):
        self.found: list[Problem] = []

    def wrong(self, where, kind, what, code=INVALID):
        self.found.append(Problem(code, where, kind, what))

    def typed(self, where, value, type_):
        if not isinstance(value, type_) or (type_ is int and isinstance(value, bool)):
            self.wrong(where, "BASE_TYPE_CHOICES", f"should be {type_.__name__}, is {value!r}")
            return False
        return True

    def length(self, where, size, most, least=0):
        if least <= size <= most:
            return
        if least <= 1 and size > most:
            self.wrong(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        else:
            what = f"Must be between {least} and {most} in length."
            self.wrong(where, "BASE_TYPE_BAD_LENGTH", what)

    def string(self, where, value, most, least=0):
        """Check a text that is there; where some is needed, spaces are none."""
        if self.typed(where, value, str):
            if least and not value.strip():
                self.required(where)
            else:
                self.length(where, len(value), most, least)

    def optional(self, where, owner, name, most, least=0):
        if owner.get(name) is not None:
            self.string((*where, name), owner[name], most, least)

    def needed(self, where, owner, name, most):
        if owner.get(name) is None:
            self.required((*where, name))
        else:
            self.string((*where, name), owner[name], most, 1)

    def required(self, where):
        self.wrong(where, "BASE_TYPE_REQUIRED", "This field is required")

    def number(self, where, value, least, most):
        if self.typed(where, value, int) and not least <= value <= most:
            what = f"int value should be between {least} and {most}."
            self.wrong(where, "NUMBER_TYPE_RANGE", what)

    def items(self, where, value, least, most):
        """The objects of a list, each with its place."""
        if not self.typed(where, value, list):
            return []
        self.length(where, len(value), most, least)
        there = [((*where, str(at)), item) for at, item in enumerate(value)]
        return [(at, item) for at, item in there if self.typed(at, item, dict)]

    def url(self, where, value, most=2048):
        if not self.typed(where, value, str):
            return
        self.length(where, len(value), most)
        if not re.match(r"(?:https?|discord|attachment)://\S+$", value):
            self.wrong(where, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    def unique(self, where, value, seen, kind, what):
        if isinstance(value, str):
            if value in seen:
                self.wrong(where, kind, what)
            seen.add(value)

    # Embeds

    def embeds(self, value):
        total = 0
        for at, embed in self.items(("embeds",), value, 0, 10):
            self.embed(at, embed)
            total += weight(embed)
        if total > EMBEDS_MOST:
            what = f"Embed size exceeds maximum size of {EMBEDS_MOST}"
            self.wrong(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", what)

    def embed(self, where, embed):
        if not any(embed.get(name) for name in SHOWN):
            self.required((*where, "description"))
        self.optional(where, embed, "title", 256)
        self.optional(where, embed, "description", 4096)
        for at, field in self.items((*where, "fields"), embed.get("fields") or [], 0, 25):
            self.needed(at, field, "name", 256)
            self.needed(at, field, "value", 1024)
        for part, name, most in (("footer", "text", 2048), ("author", "name", 256)):
            if embed.get(part) is not None and self.typed((*where, part), embed[part], dict):
                self.needed((*where, part), embed[part], name, most)
        if embed.get("url") is not None:
            self.url((*where, "url"), embed["url"])
        if embed.get("color") is not None:
            self.number((*where, "color"), embed["color"], 0, 0xFFFFFF)
        for part in ("image", "thumbnail"):
            if embed.get(part) is not None and self.typed((*where, part), embed[part], dict):
                self.url((*where, part, "url"), embed[part].get("url"))
        if embed.get("timestamp") is not None:
            self.time((*where, "timestamp"), embed["timestamp"])

    def time(self, where, value):
        try:
            return datetime.fromisoformat(value)
        except (TypeError, ValueError):
            what = f'Could not parse "{value}". Should be ISO8601.'
            self.wrong(where, "DATE_TIME_TYPE_PARSE", what)
            return None

    # Components

    def components(self, value, *, v2=False):
        seen: set[str] = set()
        if not v2:
            for at, row in self.items(("components",), value, 0, 5):
                if row.get("type") != 1:
                    self.union((*at, "type"), row.get("type"), (1,))
                else:
                    self.row(at, row, seen)
            return
        for at, part in self.items(("components",), value, 1, 40):
            self.part(at, part, seen)
        every = list(walk(value))
        if len(every) > 40:
            self.length(("components",), len(every), 40)
        size = sum(
            len(str(part.get("content") or "")) for part in every if part.get("type") == TEXT
        )
        if size > 4000:
            what = "Components displayable text size exceeds maximum size of 4000"
            self.wrong(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", what)

    def union(self, where, value, known):
        what = f'Value of field "type" must be one of {known}, is {value!r}.'
        self.wrong(where, "UNION_TYPE_CHOICES", what)

    def part(self, where, part, seen):
        """Check one of the newer components."""
        kind = part.get("type")
        if kind == 1:
            self.row(where, part, seen)
        elif kind == TEXT:
            self.needed(where, part, "content", 4000)
        elif kind in {9, 17}:
            for at, inner in self.items((*where, "components"), part.get("components"), 1, 40):
                self.part(at, inner, seen)
            accessory = part.get("accessory")
            if isinstance(accessory, dict) and accessory.get("type") == BUTTON:
                self.button((*where, "accessory"), accessory, seen)
        elif kind not in {11, 12, 13, 14}:
            self.union((*where, "type"), kind, (1, 9, 10, 11, 12, 13, 14, 17))

    def row(self, where, row, seen):
        inside = self.items((*where, "components"), row.get("components"), 1, 5)
        kinds = [part.get("type") for _, part in inside]
        if any(kind in SELECTS for kind in kinds) and len(kinds) > 1:
            what = "The specified component exceeds the maximum width"
            self.wrong((*where, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", what)
        for at, part in inside:
            if part.get("type") == BUTTON:
                self.button(at, part, seen)
            elif part.get("type") in SELECTS:
                self.select(at, part, seen)
            else:
                self.union((*at, "type"), part.get("type"), (2, 3, 5, 6, 7, 8))

    def named(self, where, part, seen):
        self.needed(where, part, "custom_id", 100)
        what = "Component custom id cannot be duplicated"
        place = (*where, "custom_id")
        self.unique(place, part.get("custom_id"), seen, "COMPONENT_CUSTOM_ID_DUPLICATED", what)

    def button(self, where, button, seen):
        style = button.get("style")
        if style not in {1, 2, 3, 4, 5}:
            self.wrong(
                (*where, "style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5)."
            )
        if button.get("emoji") is None:
            self.needed(where, button, "label", 80)
        else:
            self.optional(where, button, "label", 80)
        if style != 5:
            self.named(where, button, seen)
            if button.get("url") is not None:
                what = "A url and custom id cannot both be specified"
                self.wrong(where, "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE", what)
            return
        if button.get("custom_id") is not None:
            what = "A url and custom id cannot both be specified"
            self.wrong(where, "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE", what)
        if button.get("url") is None:
            self.required((*where, "url"))
        else:
            self.url((*where, "url"), button["url"], 512)

    def select(self, where, select, seen):
        self.named(where, select, seen)
        self.optional(where, select, "placeholder", 150)
        least, most = select.get("min_values"), select.get("max_values")
        if least is not None:
            self.number((*where, "min_values"), least, 0, 25)
        if most is not None:
            self.number((*where, "max_values"), most, 1, 25)
        least, most = 1 if least is None else least, 1 if most is None else most
        if isinstance(least, int) and isinstance(most, int) and least > most:
            self.wrong(where, "BASE_TYPE_BAD_RANGE", "min_values is more than max_values")
        if select.get("type") == 3:
            self.options(where, select, least, most)

    def options(self, where, select, least, most):
        values: set[str] = set()
        there = self.items((*where, "options"), select.get("options"), 1, 25)
        for at, option in there:
            self.needed(at, option, "label", 100)
            self.needed(at, option, "value", 100)
            self.optional(at, option, "description", 100)
            what = "The specified option value is already used"
            kind = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
            self.unique((*at, "value"), option.get("value"), values, kind, what)
        chosen = sum(bool(option.get("default")) for _, option in there)
        if isinstance(most, int) and chosen > most:
            self.wrong(
                (*where, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "too many defaults"
            )
        if isinstance(least, int) and there and least > len(there):
            self.wrong((*where, "min_values"), "NUMBER_TYPE_RANGE", "more than there are options")

    def text_input(self, where, part, seen, *, labelled):
        self.named(where, part, seen)
        if part.get("style") not in {1, 2}:
            self.wrong((*where, "style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
        if not labelled:
            self.needed(where, part, "label", 45)
        self.optional(where, part, "placeholder", 100)
        self.optional(where, part, "value", 4000)
        least, most = part.get("min_length"), part.get("max_length")
        if least is not None:
            self.number((*where, "min_length"), least, 0, 4000)
        if most is not None:
            self.number((*where, "max_length"), most, 1, 4000)
        if isinstance(least, int) and isinstance(most, int) and least > most:
            self.wrong(where, "BASE_TYPE_BAD_RANGE", "min_length is more than max_length")
        if isinstance(most, int) and isinstance(part.get("value"), str):
            self.length((*where, "value"), len(part["value"]), most)

    # Mentions

    def mentions(self, value):
        where = ("allowed_mentions",)
        if not self.typed(where, value, dict):
            return
        parse = value.get("parse") or []
        for name in ("users", "roles"):
            listed = value.get(name) or []
            if len(listed) > 100:
                self.length((*where, name), len(listed), 100)
            if listed and name in parse:
                kind = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
                what = f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
                self.wrong(where, kind, what)
        for name in parse:
            if name not in {"users", "roles", "everyone"}:
                self.wrong((*where, "parse"), "BASE_TYPE_CHOICES", f"unknown: {name!r}")

    # Commands

    def command(self, where, command):
        kind = command.get("type", 1)
        if kind != 1:
            self.needed(where, command, "name", 32)
            return
        self.title(where, command)
        size = command_size(command)
        if size > 8000:
            what = "Command exceeds maximum size (8000)"
            self.wrong(where, "APPLICATION_COMMAND_TOO_LARGE", what)
        if command.get("options") is not None:
            self.arguments((*where, "options"), command["options"])

    def title(self, where, thing):
        name = thing.get("name")
        if not isinstance(name, str) or not NAME.fullmatch(name) or name != name.lower():
            what = f"Command name is invalid: {name!r}"
            self.wrong((*where, "name"), "APPLICATION_COMMAND_INVALID_NAME", what)
        self.needed(where, thing, "description", 100)

    def arguments(self, where, options, nested=(1, 2)):
        """Check the options of a command or of a subcommand, or the subcommands of a group."""
        seen: set[str] = set()
        optional = False
        for at, option in self.items(where, options, 0, 25):
            self.title(at, option)
            what = "Option name is already used"
            name = "APPLICATION_COMMAND_OPTIONS_NAME_INVALID"
            self.unique((*at, "name"), option.get("name"), seen, name, what)
            kind = option.get("type")
            if kind in {1, 2}:
                if kind not in nested:
                    self.wrong(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "nested too deep")
                inside = option.get("options") or []
                self.arguments((*at, "options"), inside, (1,) if kind == 2 else ())
                continue
            if option.get("required") and optional:
                name = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
                self.wrong(at, name, "Required options must be placed before non-required options")
            optional = optional or not option.get("required")
            self.argument(at, option)

    def argument(self, where, option):
        kind = option.get("type")
        if kind not in range(3, 12):
            self.wrong((*where, "type"), "BASE_TYPE_CHOICES", f"unknown: {kind!r}")
        given = option.get("choices") or []
        if given and option.get("autocomplete"):
            kind = "APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE"
            self.wrong(where, kind, "Choices and autocomplete cannot both be set")
        self.choices((*where, "choices"), given)

    def choices(self, where, value):
        for at, choice in self.items(where, value, 0, 25):
            self.needed(at, choice, "name", 100)
            said = choice.get("value")
            if isinstance(said, str):
                self.needed(at, choice, "value", 100)
            elif not isinstance(said, int | float) or isinstance(said, bool):
                self.wrong((*at, "value"), "BASE_TYPE_CHOICES", f"is {said!r}")


def walk(components):
    """Every component, those inside of others too."""
    if isinstance(components, dict):
        components = [components]
    for part in components if isinstance(components, list) else ():
        if isinstance(part, dict):
            yield part
            for name in HOLDERS.get(part.get("type") or 0, ()):
                yield from walk(part.get(name))


def weight(embed):
    """The characters of an embed, as the sum over all counts them."""
    parts = [embed.get("title"), embed.get("description")]
    for part, name in (("footer", "text"), ("author", "name")):
        if isinstance(embed.get(part), dict):
            parts.append(embed[part].get(name))
    for field in embed.get("fields") or ():
        if isinstance(field, dict):
            parts += [field.get("name"), field.get("value")]
    return sum(len(part) for part in parts if isinstance(part, str))


def command_size(thing):
    size = sum(len(thing.get(name) or "") for name in ("name", "description"))
    for choice in thing.get("choices") or ():
        size += len(choice.get("name") or "") + len(str(choice.get("value")))
    return size + sum(command_size(option) for option in thing.get("options") or ())


def empty(payload):
    content = payload.get("content")
    if isinstance(content, str) and content.strip():
        return False
    more = ("embeds", "components", "sticker_ids", "attachments", "poll", "files")
    return not any(payload.get(name) for name in more)


def check(payload: Json) -> list[Problem]:
    """What Discord would refuse of a message, with all that it says about it."""
    c = Checker()
    v2 = bool((payload.get("flags") or 0) & V2)
    content = payload.get("content")
    if content is not None:
        c.string(("content",), content, 2000)
    if empty(payload):
        c.wrong((), "EMPTY", "Cannot send an empty message", EMPTY)
    if payload.get("embeds") is not None:
        c.embeds(payload["embeds"])
    if payload.get("components") is not None:
        c.components(payload["components"], v2=v2)
    if v2 and (content or payload.get("embeds")):
        what = "The 'content' and 'embeds' fields cannot be used with MessageFlags.IS_COMPONENTS_V2"
        c.wrong(("content",), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", what)
    if payload.get("nonce") is not None:
        c.length(("nonce",), len(str(payload["nonce"])), 25)
    if payload.get("allowed_mentions") is not None:
        c.mentions(payload["allowed_mentions"])
    return c.found


def check_modal(payload: Json) -> list[Problem]:
    """What Discord would refuse of a modal, with all that it says about it."""
    c = Checker()
    c.needed((), payload, "title", 45)
    c.needed((), payload, "custom_id", 100)
    seen: set[str] = set()
    for at, row in c.items(("components",), payload.get("components"), 1, 5):
        kind = row.get("type")
        if kind == LABEL:
            c.needed(at, row, "label", 45)
            c.optional(at, row, "description", 100)
            inside = [((*at, "component"), row.get("component"))]
        elif kind == 1:
            inside = c.items((*at, "components"), row.get("components"), 1, 1)
        else:
            if kind == TEXT:
                c.needed(at, row, "content", 4000)
            else:
                c.union((*at, "type"), kind, (1, 10, 18))
            continue
        for place, part in inside:
            if c.typed(place, part, dict):
                if part.get("type") == TEXT_INPUT:
                    c.text_input(place, part, seen, labelled=kind == LABEL)
                elif kind == LABEL and part.get("type") in SELECTS:
                    c.select(place, part, seen)
                else:
                    c.union((*place, "type"), part.get("type"), (4,))
    return c.found


def check_choices(choices: Any) -> list[Problem]:
    """What Discord would refuse of the answer to an autocompletion."""
    c = Checker()
    c.choices(("data", "choices"), choices)
    return c.found


def check_commands(commands: Any) -> list[Problem]:
    """What Discord would refuse of the commands of a guild, or of all guilds."""
    c = Checker()
    if not c.typed((), commands, list):
        return c.found
    seen: set[str] = set()
    for at, command in c.items((), commands, 0, 130):
        c.command(at, command)
        name = f"{command.get('type', 1)} {command.get('name')}"
        what = "Application command names must be unique"
        c.unique((*at, "name"), name, seen, "APPLICATION_COMMANDS_DUPLICATE_NAME", what)
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        if sum(isinstance(o, dict) and o.get("type", 1) == kind for o in commands) > most:
            c.wrong((), "MAX", f"Maximum number of application commands reached ({most}).", 30032)
    return c.found


def check_event(event: Json, now: datetime | None = None) -> list[Problem]:
    """What Discord would refuse of a scheduled event; `now` is given if its start is new."""
    c = Checker()
    c.needed((), event, "name", 100)
    c.optional((), event, "description", 1000)
    if event.get("privacy_level") != 2:
        c.wrong(("privacy_level",), "BASE_TYPE_CHOICES", "Value must be one of (2,).")
    times = {}
    for name in ("scheduled_start_time", "scheduled_end_time"):
        if event.get(name) is not None:
            times[name] = c.time((name,), event[name])
    start, end = times.get("scheduled_start_time"), times.get("scheduled_end_time")
    if event.get("scheduled_start_time") is None:
        c.required(("scheduled_start_time",))
    if start and now and start < now:
        what = "Cannot schedule event in the past."
        c.wrong(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", what)
    if start and end and end <= start:
        what = "Cannot schedule event to end before it starts."
        c.wrong(("scheduled_end_time",), "GUILD_SCHEDULED_EVENT_END_BEFORE_START", what)
    _place(c, event)
    return c.found


def _place(c, event):
    kind = event.get("entity_type")
    if kind not in {1, 2, 3}:
        c.wrong(("entity_type",), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3).")
    elif kind == 3:
        metadata = event.get("entity_metadata")
        c.needed(
            ("entity_metadata",), metadata if isinstance(metadata, dict) else {}, "location", 100
        )
        if event.get("scheduled_end_time") is None:
            c.required(("scheduled_end_time",))
        if event.get("channel_id") is not None:
            c.wrong(("channel_id",), "BASE_TYPE_CHOICES", "an external event has no channel")
    elif event.get("channel_id") is None:
        c.required(("channel_id",))


def errors(found: list[Problem]) -> Json:
    """The tree that Discord answers with an Invalid Form Body."""
    tree: Json = {}
    for problem in found:
        place = tree
        for name in problem.where:
            place = place.setdefault(name, {})
        said = {"code": problem.kind, "message": problem.what}
        place.setdefault("_errors", []).append(said)
    return tree


def said(check_: Callable[..., list[Problem]]) -> Callable[..., list[str]]:
    """The same check, with its findings as sentences."""

    def problems_(*args: Any, **more: Any) -> list[str]:
        return [str(problem) for problem in check_(*args, **more)]

    problems_.__doc__ = check_.__doc__
    return problems_


problems = said(check)
modal_problems = said(check_modal)
choice_problems = said(check_choices)
command_problems = said(check_commands)
event_problems = said(check_event)


def pings(said_: str | Json, *, interaction: bool = False, replied: str | None = None) -> list[str]:
    """Whom a content or a message would ping: "@everyone", "<@user>", "<@&role>".

    `interaction` says that it answers one (or is of a webhook), `replied` who wrote what it replies
    to. Text in embeds pings nobody. What stands between backticks is taken to ping all the same:
    whoever relies on that is one backtick away from a ping.
    """
    payload = {"content": said_} if isinstance(said_, str) else said_
    content = payload.get("content") or ""
    for part in walk(payload.get("components")):
        if part.get("type") == TEXT:
            content += f"\n{part.get('content') or ''}"
    default = ["users"] if interaction else ["users", "roles", "everyone"]
    unsaid: Json = {"parse": default, "replied_user": True}
    given: Any = payload.get("allowed_mentions")
    allowed: Json = given or unsaid
    parse = allowed.get("parse") or []
    found = EVERYONE.findall(content) if "everyone" in parse else []
    for name, pattern, sign in (("users", USER, "@"), ("roles", ROLE, "@&")):
        listed = {str(id_) for id_ in allowed.get(name) or ()}
        for id_ in pattern.findall(content) if listed or name in parse else ():
            if name in parse or id_ in listed:
                found.append(f"<{sign}{id_}>")
    if replied is not None and allowed.get("replied_user"):
        found.append(f"<@{replied}>")
    return list(dict.fromkeys(found))
