"""What Slack refuses of a message or a view, and what in its texts would be live.

A problem is said as "code: where: what", with the error code that Slack would answer.
"""

import json
import re
from collections.abc import Callable
from typing import Any


TEXT_MOST = 40_000
BLOCKS_SUM_MOST = 13_200
METADATA_MOST = 8_000  # Slack has a limit, but doesn't say which
VIEW_MOST = 250_000

DATE = re.compile(r"<!date\^-?\d+\^([^<>|^]+)(?:\^https?://[^<>|^\s]+)?\|\s*+[^<>\s][^<>]*>")
TOKENS = {
    *("date_num", "date_slash", "date", "date_short", "date_long", "date_long_full"),
    *("date_pretty", "date_short_pretty", "date_long_pretty", "day_divider_pretty"),
    *("time", "time_secs", "ago"),
}
LIVE = re.compile(
    r"<(?:!(?:channel|here|everyone|group)(?:\|[^<>]*)?|@\w+(?:\|[^<>]*)?|!subteam\^\w+(?:\|[^<>]*)?"
    r"|[a-z][a-z0-9+.-]*:[^<>|\n]+(?:\|[^<>]*)?)>",
    re.IGNORECASE,
)
NAMES = re.compile(r"(?<![\w<])@(?:channel|here|everyone)\b")

Check = Callable[["Checker", str, Any], None]


def string(most, least=0) -> Check:
    return lambda c, where, value: c.string(where, value, most, least)


def plain(most) -> Check:
    return lambda c, where, value: c.text(where, value, most, ("plain_text",))


def either(most) -> Check:
    return lambda c, where, value: c.text(where, value, most, ("plain_text", "mrkdwn"))


def one_of(*known) -> Check:
    return lambda c, where, value: c.known(where, value, known)


def options(most, text: Check) -> Check:
    return lambda c, where, value: c.options(where, value, most, text)


def of(type_) -> Check:
    return lambda c, where, value: c.typed(where, value, type_)


def groups(c, where, value):
    for at, group in c.items(where, value, 1, 100):
        c.fields(at, group, ("label", "options"), GROUP)


def confirm(c, where, value):
    c.fields(where, value, ("title", "text", "confirm", "deny"), CONFIRM)


def accessory(c, where, value):
    c.element(where, value, set(ELEMENTS) - TYPED)


def actions(c, where, value):
    allowed = {e for e in ELEMENTS if not e.startswith("multi_")} - TYPED - {"image"}
    for at, element in c.items(where, value, 1, 25):
        c.element(at, element, allowed)


def context(c, where, value):
    for at, element in c.items(where, value, 1, 10):
        if isinstance(element, dict) and element.get("type") == "image":
            c.element(at, element, {"image"})
        else:
            c.text(at, element, 3000, ("plain_text", "mrkdwn"))


def section_fields(c, where, value):
    for at, field in c.items(where, value, 1, 10):
        c.text(at, field, 2000, ("plain_text", "mrkdwn"))


def rich(c, where, value):
    for at, part in c.items(where, value, 0, 1000):
        c.known(f"{at}.type", part.get("type") if isinstance(part, dict) else part, RICH)
        c.total += sum(len(text) for text in _texts(part))


def _texts(part):
    """All that stands under `text` in a rich text."""
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


def input_element(c, where, value):
    c.element(where, value, set(ELEMENTS) - {"image", "button", "overflow"})


RICH = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
CONFIRM: dict[str, Check] = {
    "title": plain(100),
    "text": either(300),
    "confirm": plain(30),
    "deny": plain(30),
    "style": one_of("primary", "danger"),
}
OPTION: dict[str, Check] = {"value": string(150), "description": either(75), "url": string(3000)}
GROUP: dict[str, Check] = {"label": plain(75), "options": options(100, plain(75))}
ACTING: dict[str, Check] = {
    "action_id": string(255, 1),
    "confirm": confirm,
    "focus_on_load": of(bool),
}
HELD: dict[str, Check] = {**ACTING, "placeholder": plain(150)}
TYPING: dict[str, Check] = {
    **HELD,
    "initial_value": string(3000),
    "min_length": of(int),
    "max_length": of(int),
    "multiline": of(bool),
    "dispatch_action_config": of(dict),
}
BUTTON: dict[str, Check] = {
    **ACTING,
    "text": plain(75),
    "value": string(2000),
    "url": string(3000, 1),
    "style": one_of("primary", "danger"),
    "accessibility_label": string(75),
}
IMAGE: dict[str, Check] = {
    "image_url": string(3000, 1),
    "slack_file": of(dict),
    "alt_text": string(2000),
}
PICKED: dict[str, Check] = {
    "options": options(100, plain(75)),
    "option_groups": groups,
    "initial_option": of(dict),
    "initial_options": of(list),
    "max_selected_items": of(int),
}
TICKED: dict[str, Check] = {
    "options": options(10, either(75)),
    "initial_option": of(dict),
    "initial_options": of(list),
}
CHOSEN: dict[str, Check] = {
    **{f"initial_{what}": of(str) for what in ("user", "conversation", "channel")},
    **{f"initial_{what}": of(list) for what in ("users", "conversations", "channels", "options")},
    "default_to_current_conversation": of(bool),
    "filter": of(dict),
    "response_url_enabled": of(bool),
    "max_selected_items": of(int),
    "min_query_length": of(int),
    "initial_option": of(dict),
}
# What each element must have, and what it may have.
ELEMENTS: dict[str, tuple[tuple[str, ...], dict[str, Check]]] = {
    "button": (("text",), BUTTON),
    "image": (("alt_text",), IMAGE),
    "overflow": (("options",), {**ACTING, "options": options(5, plain(75))}),
    "checkboxes": (("options",), {**ACTING, **TICKED}),
    "radio_buttons": (("options",), {**ACTING, **TICKED}),
    "datepicker": ((), {**HELD, "initial_date": string(10, 10)}),
    "timepicker": ((), {**HELD, "initial_time": string(5, 5), "timezone": of(str)}),
    "datetimepicker": ((), {**ACTING, "initial_date_time": of(int)}),
    "plain_text_input": ((), TYPING),
    "email_text_input": ((), TYPING),
    "url_text_input": ((), TYPING),
    "number_input": (
        ("is_decimal_allowed",),
        {**TYPING, "is_decimal_allowed": of(bool), "min_value": of(str), "max_value": of(str)},
    ),
    **{f"{many}static_select": ((), {**HELD, **PICKED}) for many in ("", "multi_")},
    **{
        f"{many}{what}_select": ((), {**HELD, **CHOSEN})
        for many in ("", "multi_")
        for what in ("users", "conversations", "channels", "external")
    },
}
NAMED: dict[str, Check] = {"block_id": string(255, 1)}
BLOCKS: dict[str, tuple[tuple[str, ...], dict[str, Check]]] = {
    "section": (
        (),
        {
            "text": either(3000),
            "fields": section_fields,
            "accessory": accessory,
            "expand": of(bool),
        },
    ),
    "header": (("text",), {"text": plain(150)}),
    "divider": ((), {}),
    "context": (("elements",), {"elements": context}),
    "actions": (("elements",), {"elements": actions}),
    "image": (("alt_text",), {**IMAGE, "title": plain(2000)}),
    "rich_text": (("elements",), {"elements": rich}),
    "markdown": (("text",), {"text": lambda c, where, value: c.markdown(where, value)}),
    "input": (
        ("label", "element"),
        {
            "label": plain(2000),
            "element": input_element,
            "hint": plain(2000),
            "optional": of(bool),
            "dispatch_action": of(bool),
        },
    ),
}
VIEW: dict[str, Check] = {
    "title": plain(24),
    "submit": plain(24),
    "close": plain(24),
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
    "clear_on_close": of(bool),
    "notify_on_close": of(bool),
    "submit_disabled": of(bool),
    "blocks": lambda c, where, value: c.blocks(value, 100),
}


class Checker:
    """Gathers what is wrong, and how much text there is."""

    def __init__(self, code):
        self.code = code
        self.found: list[str] = []
        self.total = 0

    def wrong(self, where, what, code=None):
        self.found.append(f"{code or self.code}: {where}: {what}")

    def typed(self, where, value, type_):
        if not isinstance(value, type_) or (type_ is int and isinstance(value, bool)):
            self.wrong(where, f"should be {type_.__name__}, is {value!r}")
            return False
        return True

    def known(self, where, value, known):
        if not isinstance(value, str) or value not in known:
            self.wrong(where, f"unsupported: {value!r}")
            return False
        return True

    def string(self, where, value, most, least=0):
        if self.typed(where, value, str) and not least <= len(value) <= most:
            self.wrong(where, f"{len(value)} characters, may have {least} to {most}")

    def items(self, where, value, least, most):
        if not self.typed(where, value, list):
            return []
        if not least <= len(value) <= most:
            self.wrong(where, f"{len(value)} items, may have {least} to {most}")
        return [(f"{where}[{at}]", item) for at, item in enumerate(value)]

    def fields(self, where, value, required, checks, ours=()):
        """Check each field of an object that has no others."""
        if not self.typed(where, value, dict):
            return
        for name in required:
            if name not in value:
                self.wrong(where, f"missing required field: {name}")
        for name, inner in value.items():
            if name in checks:
                checks[name](self, f"{where}.{name}", inner)
            elif name not in ours:
                self.wrong(where, f"invalid additional property: {name}")

    def text(self, where, value, most, kinds):
        if not self.typed(where, value, dict):
            return
        kind = value.get("type")
        if not self.known(f"{where}.type", kind, kinds):
            return
        more: dict[str, Check] = {"emoji" if kind == "plain_text" else "verbatim": of(bool)}
        more["text"] = string(most, 1)
        self.fields(where, value, ("text",), more, ours=("type",))
        text = value.get("text")
        if isinstance(text, str):
            self.total += len(text)
            if kind == "mrkdwn":
                self.dates(where, text)
            elif "<!date^" in text:
                self.wrong(where, "a date in plain_text is shown as it is written")

    def markdown(self, where, value):
        self.string(where, value, 12_000, 1)
        self.total += len(value) if isinstance(value, str) else 0

    def dates(self, where, text):
        start = text.find("<!date")
        while start >= 0:
            match = DATE.match(text, start)
            tokens = re.findall(r"\{([^{}]*)\}", match[1]) if match else []
            if not tokens or not TOKENS.issuperset(tokens):
                self.wrong(where, f"malformed date: {text[start : start + 60]!r}")
            start = text.find("<!date", start + 1)

    def options(self, where, value, most, text):
        for at, option in self.items(where, value, 1, most):
            self.fields(at, option, ("text", "value"), {**OPTION, "text": text})

    def element(self, where, value, allowed):
        if not self.typed(where, value, dict):
            return
        kind = value.get("type")
        if not self.known(f"{where}.type", kind, allowed):
            return
        required, checks = ELEMENTS[kind]
        self.fields(where, value, required, checks, ours=("type",))
        if "static_select" in kind:
            self.choices(where, value)
        if kind == "image" and ("image_url" in value) == ("slack_file" in value):
            self.wrong(where, "needs image_url or slack_file, and not both")
        url = value.get("url")
        if kind == "button" and isinstance(url, str) and not re.match(r"[a-z]+:\S+$", url):
            self.wrong(where, f"no valid url: {url!r}")

    def choices(self, where, value):
        if ("options" in value) == ("option_groups" in value):
            self.wrong(where, "needs options or option_groups, and not both")
        elif "initial_option" in value:
            ways = [value] if "options" in value else value["option_groups"]
            there = [o for way in ways if isinstance(way, dict) for o in way.get("options") or ()]
            if value["initial_option"] not in there:
                self.wrong(where, "initial_option is none of the options")

    def blocks(self, value, most, markdown=False):
        seen: set[str] = set()
        for at, block in self.items("blocks", value, 0, most):
            if not self.typed(at, block, dict):
                continue
            kind = block.get("type")
            if not self.known(f"{at}.type", kind, BLOCKS):
                continue
            if kind == "markdown" and not markdown:
                self.wrong(at, "a markdown block stands in messages only")
            required, checks = BLOCKS[kind]
            self.fields(at, block, required, {**checks, **NAMED}, ours=("type",))
            if kind == "section" and not ("text" in block or "fields" in block):
                self.wrong(at, "needs text or fields")
            if kind == "image" and ("image_url" in block) == ("slack_file" in block):
                self.wrong(at, "needs image_url or slack_file, and not both")
            self.unique(f"{at}.block_id", [block.get("block_id")], seen)
            self.unique(f"{at}: action_id", [e.get("action_id") for e in elements(block)], set())

    def unique(self, where, names, seen):
        for name in names:
            if name is not None and repr(name) in seen:
                self.wrong(where, f"{name!r} stands there twice")
            seen.add(repr(name))


def elements(block):
    """The interactive elements of a block."""
    found = [block.get("accessory"), block.get("element")]
    inner = block.get("elements")
    if block.get("type") == "actions" and isinstance(inner, list):
        found += inner
    return [e for e in found if isinstance(e, dict)]


def size(value):
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def problems(payload: dict[str, Any]) -> list[str]:
    """What Slack would refuse of a message: the arguments of chat.postMessage and its like."""
    c = Checker("invalid_blocks")
    text = payload.get("text")
    if payload.get("markdown_text"):
        c.string("markdown_text", payload["markdown_text"], 12_000)
        if text or payload.get("blocks"):
            c.wrong("markdown_text", "not with text or blocks", "markdown_text_conflict")
    elif not isinstance(text, str) or not text.strip():
        c.wrong("text", "is empty; it is what notifications and screen readers say", "no_text")
    elif len(text) > TEXT_MOST:
        c.wrong("text", f"{len(text)} characters, at most {TEXT_MOST}", "msg_too_long")
    if isinstance(text, str):
        c.dates("text", text)
    if payload.get("blocks") is not None:
        before = c.total
        c.blocks(payload["blocks"], 50, markdown=True)
        if c.total - before > BLOCKS_SUM_MOST:
            c.wrong("blocks", f"{c.total} characters in all", "msg_blocks_too_long")
    if len(payload.get("attachments") or ()) > 100:
        c.wrong("attachments", "more than 100", "too_many_attachments")
    if payload.get("metadata") is not None:
        _metadata(c, payload["metadata"])
    return c.found


def _metadata(c, metadata):
    kinds = {"event_type": str, "event_payload": dict}
    if not isinstance(metadata, dict) or set(metadata) != set(kinds):
        c.wrong("metadata", "has event_type and event_payload", "invalid_metadata_format")
    elif not all(isinstance(metadata[name], kind) for name, kind in kinds.items()):
        c.wrong("metadata", "event_type str, event_payload dict", "invalid_metadata_format")
    elif size(metadata) > METADATA_MOST:
        c.wrong("metadata", f"more than {METADATA_MOST} bytes", "metadata_too_large")


def view_problems(view: dict[str, Any]) -> list[str]:
    """What Slack would refuse of a modal or of the Home tab."""
    c = Checker("invalid_arguments")
    if not c.typed("view", view, dict):
        return c.found
    kind = view.get("type")
    if not c.known("view.type", kind, ("modal", "home")):
        return c.found
    required = ("blocks", "title") if kind == "modal" else ("blocks",)
    c.fields("view", view, required, VIEW, ours=("type",))
    for name in ("title", "submit", "close"):
        if kind == "home" and name in view:
            c.wrong("view", f"the Home tab has no {name}")
    blocks = view.get("blocks")
    inputs = isinstance(blocks, list) and any(
        isinstance(b, dict) and b.get("type") == "input" for b in blocks
    )
    if kind == "modal" and inputs and "submit" not in view:
        c.wrong("view", "a modal with input blocks needs submit")
    if size(view) > VIEW_MOST:
        c.wrong("view", f"more than {VIEW_MOST} bytes", "view_too_large")
    return c.found


def pings(said: str | dict[str, Any]) -> list[str]:
    """Every mention and link that would be live in a mrkdwn text, or in a message or view."""
    if isinstance(said, str):
        return LIVE.findall(said)
    found: list[str] = []
    for name in ("text", "markdown_text"):
        text = said.get(name)
        if isinstance(text, str):
            found += LIVE.findall(text)
            if said.get("link_names") or said.get("parse") == "full":
                found += NAMES.findall(text)
    for part in ("blocks", "attachments"):
        found += _live(said.get(part))
    return found


def _live(part):
    if isinstance(part, list):
        return [ping for inner in part for ping in _live(inner)]
    if not isinstance(part, dict):
        return []
    match part:
        case {"type": "mrkdwn" | "markdown", "text": str(text)}:
            return LIVE.findall(text)
        case {"type": "user", "user_id": str(user)}:
            return [f"<@{user}>"]
        case {"type": "usergroup", "usergroup_id": str(group)}:
            return [f"<!subteam^{group}>"]
        case {"type": "broadcast", "range": str(whom)}:
            return [f"<!{whom}>"]
        case {"type": "link", "url": str(url)}:
            return [f"<{url}|{part.get('text', '')}>"]
    return [ping for inner in part.values() for ping in _live(inner)]
