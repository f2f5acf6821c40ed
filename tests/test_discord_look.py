"""What an answer looks like in Discord: golden files, and that nothing whatever breaks a limit."""

import asyncio
import json
import os
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.look import message, modal, modal_view, pages, view
from bot.answer import (
    Action,
    Answer,
    Bullets,
    Facts,
    Field,
    Form,
    Heading,
    Link,
    Paragraph,
    Reason,
    Status,
    Strong,
    Time,
    clean,
    plain_line,
)
from bot.pages import rows
from tests.fake_discord_limits import modal_problems, problems


GOLDEN = Path(__file__).parent / "golden" / "discord"
PDT = timezone(timedelta(hours=-7), "PDT")
TOKEN = "tok-1"  # noqa: S105 - it opens nothing


def at(clock, *, zone=False):
    """A time on the day of the workshop, as the wording writes it."""
    hour, minute = map(int, clock.split(":"))
    moment = datetime(2017, 8, 21, hour, minute, tzinfo=PDT)
    text = f"{hour % 12 or 12}:{minute:02} {'am' if hour < 12 else 'pm'}"
    return Time(moment, f"{text} PDT" if zone else text)


def press(label, token, style="plain"):
    return Action(label, style=style, token=token)


def answered(*line, blocks=(), **more):
    return Answer(Status.ANSWERED, line, blocks, **more)


# -- golden files ----------------------------------------------------------------------------

SESSIONS = (
    ("9:00", "9:15", "Opening"),
    ("9:15", "10:20", "Keynote: Networks that explain themselves"),
    ("10:20", "10:50", "Coffee break"),
    ("10:50", "12:30", "Session 1: Transport"),
    ("12:30", "14:00", "Lunch"),
)

SHORT = answered(
    "Lunch is at ",
    at("12:30"),
    "–",
    at("14:00", zone=True),
    ", in the Patio.",
    records=("program.yaml#lunch",),
    edition=3,
)
TIMES = answered(
    Strong("Today at KBNets"),
    " (Monday, August 21, 2017):",
    blocks=(
        Bullets(tuple((at(a), "–", at(b), f" {name}, in Room 1") for a, b, name in SESSIONS)),
        Paragraph(("Doors close at ", at("18:00", zone=True), ".")),
    ),
    records=tuple(f"program.yaml#s{n}" for n in range(5)),
    edition=1,
)
REMINDER = answered(
    Strong("Session 1: Transport"),
    " starts in 15 minutes, at ",
    at("10:50", zone=True),
    ", in Room 1.",
    blocks=(
        Paragraph(("Chair: Ana Costa (Example University).",)),
        Bullets(
            (
                ("“Queues & <Clocks>” by Li Wei et al.",),
                (at("11:15"), " “How to Measure” by Sam Okafor (Example Labs)", " (cancelled)"),
            )
        ),
        Paragraph(("This comes 7 minutes late.",)),
    ),
    records=("program.yaml#session-1",),
)
CLARIFY = Answer(
    Status.CLARIFY,
    ("Which Liu do you mean?",),
    (Bullets((("Alan Liu",), ("Vincent Liu",), ("Hongqiang Liu",))),),
    actions=tuple(
        press(name, f"tok-{n}")
        for n, name in enumerate(("Alan Liu", "Vincent Liu", "Hongqiang Liu"))
    ),
)
MANY = Answer(
    Status.CLARIFY,
    ("Which talk do you mean?",),
    actions=(
        *(press(f"Talk {n} about queues", f"tok-{n}") for n in range(1, 29)),
        press("Show to all", "tok-s", "share"),
        press("Another one", "tok-f", "form"),
    ),
)
LONG = answered(
    "25 talks are about networks:",
    blocks=(
        Heading("Morning"),
        Bullets(tuple((f"“Talk number {n}” by Person {n}",) for n in range(1, 15))),
        Heading("Afternoon"),
        Bullets(tuple((f"“Talk number {n}” by Person {n}",) for n in range(15, 26))),
    ),
    records=("program.yaml#talks",),
    actions=(press("Only today", "tok-1"),),
    edition=2,
)
HOSTILE = answered(
    "**bold** _it_ ~~gone~~ ||hidden|| `code` @everyone @here <@12> <@&12> <#12>",
    blocks=(
        Heading("# **Not bold** <@12> :smile: a@b"),
        Bullets(
            (
                ("> not a quote\n> nor this\n# nor a heading\n1. nor\n- lists\n-# nor small",),
                (":smile::wave: at 10:30, <t:1:R> <:a:1> </ask:1> <id:customize>",),
                ("snake_case_name, 2*3*4, a * b, ~10 Gb/s, A* search, chair@x.example",),
                ("turn\u202eed \x1b[31mred\x07", Strong(" **two** words ")),
                ("https://x.example www.x.example discord.gg/x [a](https://x.example)",),
                (Link("[l] _m_ <@12>", "https://x.example/a_(b)?a=1&b=2"), "](https://y.example)"),
                (Link("no link", "javascript:alert(1)"), " ", Link("at", "https://a@x.example")),
                (Link("", "https://x.example/a b>"), " ", Link("mail", "mailto:chair@x.example")),
                (
                    Link("https://y.example", "https://x.example/"),
                    " ",
                    Link("😀", "http://x.example"),
                ),
                ("x", Strong("inside"), "y ", Strong("is cancelled"), "."),
                ("@", "everyone ", "<", "@12>"),
            )
        ),
        Paragraph((">>> all of it",)),
        Facts((("**Not** bold <@12> :smile:", ("# not a heading",)),)),
    ),
    records=("<@12>*x*",),
    actions=(press("<@12> *x* :smile: @everyone", "tok-1"), press("", "tok-2")),
)
FACTS = answered(
    Strong("Main conference paper"),
    blocks=(
        Facts((("Ethics", ("word " * 230,)),)),
        Paragraph(("All in all:",)),
        Facts(
            (
                ("Pages", ("at most ", Strong("6"), ", references not counted")),
                ("Deadline", ("Friday, March 24, ", at("23:59", zone=True))),
                ("Format", ("ACM, two columns; ", Link("template", "https://acm.example/t"))),
                ("Notes", ()),
                ("", ("nothing else",)),
                ("Blind", ("no",)),
            )
        ),
    ),
    records=("call.yaml#paper",),
    edition=4,
)
HEADING = answered(
    "Two days:",
    blocks=(
        Heading("Day 1: R&D <and more>"),
        Paragraph(("Talks all day.",)),
        Heading("A very long heading " * 9),
        Paragraph(("More talks; see ", Link("the page", "https://x.example/day2"), ".")),
    ),
)
NOT_UNDERSTOOD = Answer(
    Status.UNKNOWN,
    ("I don't know the words “flux” and “capacitor”.",),
    (Paragraph(("I answer questions about KBNets, such as:",)), Bullets((("“what's on now?”",),))),
    reason=Reason.NOT_UNDERSTOOD,
    actions=(press("what's on now?", "tok-1"),),
)
PREVIEW = Answer(
    Status.CLARIFY,
    ("Lunch moves to 1:00 pm:",),
    (
        Bullets((("Lunch: ", at("13:00"), "–", at("14:00"), " (not 12:30 pm–2:00 pm)"),)),
        Paragraph(("Careful: Session 2 begins at the same time.",)),
        Paragraph(("Shall I? Say yes within two minutes, or no.",)),
    ),
    actions=(
        press("Yes", "tok-y", "primary"),
        press("No", "tok-n", "danger"),
    ),
)
ASKED = Form(
    "Move a session to another time, another day or room",
    (
        Field("session", "Which session?", "Session 1"),
        Field("start", "From when on?", "10:50"),
        Field("why", "Why? (shown to all)"),
    ),
    "tok-form",
)

FILES = {
    "short": lambda: message(SHORT),
    "times": lambda: message(TIMES),
    "reminder": lambda: message(REMINDER, code="k3f9a"),
    "clarify": lambda: message(CLARIFY),
    "many-choices": lambda: message(MANY, private=True),
    "long-1": lambda: message(LONG, more="tok-more"),
    "long-2": lambda: message(LONG, page=1, more="tok-more"),
    "long-without-token": lambda: message(LONG, code="k3f9a"),
    "hostile": lambda: message(HOSTILE),
    "facts": lambda: message(FACTS),
    "heading": lambda: message(HEADING),
    "not-understood": lambda: message(NOT_UNDERSTOOD),
    "preview": lambda: message(PREVIEW),
    "modal": lambda: modal(ASKED),
}


def written(payload):
    """A payload as it stands in a golden file: what can't be seen is written as its code."""
    text = json.dumps(payload, indent=1, ensure_ascii=False) + "\n"
    return re.sub(r"[\u200b\u2060]", lambda m: f"\\u{ord(m[0]):04x}", text)


@pytest.mark.parametrize("name", FILES)
def test_an_answer_looks_as_it_was_approved(name):
    """To approve what changed: `WRITE_GOLDEN=1 pytest tests/test_discord_look.py`; then read it."""
    payload = FILES[name]()
    file = GOLDEN / f"{name}.json"
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(written(payload), encoding="utf-8")

    assert written(payload) == file.read_text(encoding="utf-8")
    assert wrong(payload) == []


# -- what a client makes of a text -----------------------------------------------------------

# After what LyricLy/parse-discord found out about Discord's own: what is escaped is passed over.
LIVE = re.compile(
    r"""
  \\[^A-Za-z0-9\s]
| (?P<link>\[(?P<label>(?:\[[^\]]*\]|[^\[\]])*[^\[]*)\]
    \(\s*<?(?P<to>(?:\([^)]*\)|[^\s\\]|\\[^\n])*?)>?(?:\s+['"].*?['"])?\s*\))
| (?P<bold>\*\*(?P<strong>(?:\\.|[^\\])+?)\*\*(?!\*))
| (?P<address><(?P<alone>[^:\ >]+:/[^\ >]+)>|(?:https?|steam|ftp)://\S+|\bwww\.\w|\bdiscord\.gg)
| (?P<time><t:-?\d+(?::\w)?>)
| (?P<mention><[@#]|</|<id:|@everyone|@here)
| (?P<emoji><a?:\w+:\d+>|:[\w+~-]+:)
| (?P<marks>[*_`]|~~|\|\|)
| (?P<start>^\ *(?:[-*+]\ |\d+\.(?:\s|$)|>)|^-\#|^\#)
""",
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
SHOWN = "*_~|`\\[]<>", "∗ˍ∼∣ˋ∖［］‹›"


def live(text, to=()):
    """What formats, pings or links in a text and isn't meant to: `to` are addresses that are."""
    found = []
    for match in LIVE.finditer(text):
        kind = match.lastgroup and next(k for k, v in match.groupdict().items() if v is not None)
        target = match["to"] if kind == "link" else match["alone"]
        if kind in {None, "time"}:
            continue
        if kind == "bold":
            found += live(match["strong"])
        elif target and unquote(target) in {unquote(url) for url in to}:
            # A label is in the middle of a line, and a backslash in it would be seen.
            if kind == "link" and (live(f"x {match['label']}") or "\\" in match["label"]):
                found.append(match["label"])
        else:
            found.append(match[0])
    return found


def read(text):
    """The words of a text in markdown, and the addresses of its links."""
    text = re.sub(r" \((?:–?<t:\d+:\w>)+\)", "", text)
    return LIVE.sub(_read, text)


def _read(match):
    if match["link"]:
        return match["label"] + unquote(match["to"])
    if match["bold"]:
        return read(match["strong"])
    if match["address"]:
        return unquote(match["alone"] or match[0])
    return match[0].removeprefix("\\")


# -- limits, whatever is said ----------------------------------------------------------------

MORNING = at("9:00")
MARKS = ["*", "**", "_", "~~", "||", "`", "```", "\n> ", "\n# ", "\n- ", "-# ", "1. ", ":smile:"]
MARKS += ["<@1>", "@here", "@everyone", "<t:1:R>", "</a:1>", "<:a:1>", "\\", "[", "](", ")"]
MARKS += [
    "[a](https://y.example)",
    "https://y.example",
    "discord.gg/a",
    "://",
    "<https://y.example>",
]
ODD = ["\u202e", "\u2060", "\u200b", "\x00", "😀", "é", "–", "x", "\n", " ", "…", "• ", "\u3000"]
ANYTHING = st.text(st.characters(exclude_characters="%"), max_size=12) | st.lists(
    st.sampled_from(MARKS + ODD + ["word", "a b"]), max_size=8
).map("".join)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
INSTANTS = st.datetimes(datetime(1970, 1, 5), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001
TIMES_OF_DAY = st.builds(Time, INSTANTS, st.sampled_from(["9:00 am", "10:30 CET"]) | ANYTHING)
URLS = st.sampled_from(
    ["https://x.example/a?b=1&c=(2)", "mailto:chair@x.example", "ftp://x", "", "x y"]
) | ANYTHING.map(lambda text: f"https://x.example/{text}")
INLINES = ANYTHING | TIMES_OF_DAY | st.builds(Strong, ANYTHING) | st.builds(Link, ANYTHING, URLS)
LINES = st.lists(INLINES, max_size=4).map(tuple) | st.tuples(
    TIMES_OF_DAY, st.just("–"), TIMES_OF_DAY
)
BLOCKS = (
    st.builds(Paragraph, LINES)
    | st.builds(Bullets, st.lists(LINES, max_size=5).map(tuple))
    | st.builds(Heading, ANYTHING)
    | st.builds(Facts, st.lists(st.tuples(ANYTHING, LINES), max_size=5).map(tuple))
)
STYLES = st.sampled_from(["plain", "plain", "primary", "danger", "share", "form", "odd"])
TOKENS = st.sampled_from(["", "t", "u", "t" * 80, "ü", "t" * 81])
PRESSED = st.builds(Action, ANYTHING, st.just(""), STYLES, TOKENS)
ANSWERS = st.builds(
    Answer,
    st.sampled_from(Status),
    LINES,
    st.lists(BLOCKS, max_size=5).map(tuple),
    st.lists(ANYTHING, max_size=5).map(tuple),
    st.none(),
    st.lists(PRESSED, max_size=8).map(tuple),
    st.integers(-1, 10**6),
)

LINK = Link("l", "https://x.example/" + "(" * 400)
HUGE = {
    "a long word": answered("w" * 9000),
    "marks": answered("[]()" * 2000, blocks=(Heading("*" * 3000), Paragraph((Strong("_" * 999),)))),
    "emojis": answered("😀" * 5000, blocks=(Facts((("😀" * 200, ("😀" * 600,)),)),)),
    "mentions": answered("<@1>" * 999, blocks=(Facts((("@" * 250, ("@here " * 99,)),)),)),
    "bullets": answered("Many:", blocks=(Bullets(((":a*b* ", MORNING),) * 400),)),
    "times": answered("Many:", blocks=(Paragraph((MORNING, "–", MORNING) * 99),)),
    "headings": answered("Many:", blocks=(Heading("Now"),) * 99),
    "bold words": answered("Many:", blocks=(Paragraph((Strong("b"), " ") * 999),)),
    "links": answered("Many:", blocks=(Bullets(((LINK, " and ", LINK),) * 20),)),
    "facts": answered("Many:", blocks=(Facts((("l", (LINK,)), ("*" * 200, ("v " * 99,))) * 40),)),
    "long facts": answered(blocks=(Facts((("l" * 300, ("v",)), ("m", ("v " * 1000,))) * 3),)),
    "lines": answered("\n" * 999, blocks=(Paragraph(("a\n" * 999,)),)),
    "records": answered("Hi.", records=tuple(f"{n}<@1>" * 99 for n in range(9))),
    "choices": answered("Which?", actions=tuple(press("@a " * 99, f"t{n}") for n in range(300))),
    "buttons": answered("Which?", actions=tuple(press("a", f"t{n}", "danger") for n in range(99))),
    "all kinds": answered(
        "Which?",
        actions=tuple(
            press("a", f"t{n}", style) for n in range(40) for style in ("plain", "primary", "form")
        ),
    ),
    "nothing": answered(),
    "empty things": answered(
        "", blocks=(Paragraph(()), Bullets(((),)), Heading(""), Facts((("", ()),)), Facts(()))
    ),
}


def embed_of(payload):
    (embed,) = payload["embeds"]
    return embed


def fields_of(payload):
    return embed_of(payload).get("fields", [])


def marked_texts(payload):
    """All texts that Discord formats, or might format."""
    shown = [embed_of(payload).get("description", "")]
    return shown + [field[part] for field in fields_of(payload) for part in ("name", "value")]


def plain_texts(payload):
    """All texts that Discord shows as they are."""
    items = [item for row in payload["components"] for item in row["components"]]
    shown = [embed_of(payload).get("footer", {}).get("text", "")]
    return shown + [o["label"] for item in items for o in item.get("options", (item,))]


def wide(value):
    """A payload with two characters for each of those that some count as two."""
    if isinstance(value, str):
        return re.sub(r"[^\x00-\uffff]", "xx", value)
    if isinstance(value, list):
        return [wide(v) for v in value]
    return {k: wide(v) for k, v in value.items()} if isinstance(value, dict) else value


def wrong(payload, to=None):
    """What Discord would refuse, and what it would take but we don't want."""
    if "title" in payload:
        return modal_problems(wide(payload))
    found = problems(wide(payload))
    if to is not None:
        found += [odd for text in marked_texts(payload) for odd in live(text, to)]
        found += re.findall(r"<[@#]|@everyone|@here|://", " ".join(plain_texts(payload)))
    for text in (*marked_texts(payload), *plain_texts(payload)):
        if clean(text.replace("\u200b", "")) != text.replace("\u200b", ""):
            found.append(f"control characters: {text!r}")
    return found


def links(answer):
    """The addresses that an answer may link to."""
    lines = [answer.summary, *(line for row in rows(answer.blocks) for line in lines_of(row))]
    return {part.url for line in lines for part in line if isinstance(part, Link)}


def lines_of(row):
    match row:
        case Paragraph(line):
            return [line]
        case Bullets(items):
            return [*items]
        case Heading(text):
            return [(text,)]
        case Facts(items):
            return [(f"{label}: ", *line) for label, line in items if visible(plain_line(line))]


def visible(text):
    return clean(text).translate(dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060"))).strip()


def bare(text):
    """What can be read of a text, whatever its spaces, joints, marks and look-alikes."""
    text = clean(text).translate(str.maketrans(SHOWN[1], SHOWN[0]))
    return re.sub(r"[\s\u200b-\u200d\u2060•*_~`|:()\\]", "", text)


def whole(answer):
    """All that an answer says, in order."""
    said = ""
    for line in (answer.summary, *(ln for row in rows(answer.blocks) for ln in lines_of(row))):
        for part in line:
            if isinstance(part, Link):
                url = part.url.removeprefix("mailto:")
                label = " ".join(visible(part.label).split())
                said += bare(url) if label in {"", url, part.url} else bare(part.label) + bare(url)
            else:
                said += bare(plain_line((part,)))
    return said


def seen(payload):
    """All that a message says, links with their addresses, in order."""
    fields = (text for f in fields_of(payload) for text in (f["name"], read(f["value"])))
    return "\n".join((read(embed_of(payload).get("description", "")), *fields))


def beginning(text):
    """How a further page begins, or nothing."""
    match = re.match(r"… (?:continued|\d+(?: to \d+)? of \d+)(?:\n|$)", text)
    return match[0] if match else ""


def keeps_within_the_limits(answer):
    found = pages(answer)
    for number in {0, 1, len(found) - 1}:
        for more in (TOKEN, ""):
            payload = message(answer, page=number, more=more, code="k3f9a")
            assert wrong(payload, links(answer)) == []


def says_all(answer):
    number = len(pages(answer))
    shown = [seen(message(answer, page=n, more=TOKEN)) for n in range(number)]
    parts = [shown[0], *(text.removeprefix(beginning(text)) for text in shown[1:])]
    said = bare(
        "".join(re.sub(r"… \d+ more choices?; ask for them by name\.", "", p) for p in parts)
    )

    assert said == whole(answer) or (said, whole(answer)) == ("…", "")


@settings(max_examples=60, deadline=None)
@given(ANSWERS)
def test_every_page_of_whatever_is_said_keeps_within_the_limits(answer):
    keeps_within_the_limits(answer)


@settings(max_examples=60, deadline=None)
@given(ANSWERS)
def test_all_pages_together_say_all_that_was_said(answer):
    says_all(answer)


@pytest.mark.parametrize("name", HUGE)
def test_so_does_what_is_huge_or_empty(name):
    keeps_within_the_limits(HUGE[name])
    if "choices" not in name:
        says_all(HUGE[name])


@settings(max_examples=60, deadline=None)
@given(st.lists(INLINES, max_size=5).map(tuple), ANYTHING)
def test_what_somebody_wrote_never_formats_pings_or_links(line, label):
    answer = answered(*line, blocks=(Bullets((line,)), Heading(label), Facts(((label, line),))))

    for number in range(len(pages(answer))):
        assert wrong(message(answer, page=number), links(answer)) == []


@settings(max_examples=60, deadline=None)
@given(
    ANYTHING, st.lists(st.builds(Field, st.just("f"), ANYTHING, ANYTHING), min_size=1, max_size=1)
)
def test_a_form_of_whatever_words_keeps_within_the_limits(title, fields):
    assert wrong(modal(Form(title, tuple(fields), TOKEN))) == []


# -- pages -----------------------------------------------------------------------------------


def test_a_short_answer_is_one_page_as_it_is():
    assert pages(SHORT) == (SHORT,)


def test_a_page_is_one_that_can_be_read_at_a_glance():
    for answer in HUGE.values():
        for part in pages(answer):
            said = read(embed_of(message(part))["description"]) if part.summary else ""
            assert len(said) <= 2000
            assert len(rows(part.blocks)) <= 15


@pytest.mark.parametrize("page", [-1, 7])
def test_a_page_that_isn_t_there_is_the_nearest_one(page):
    nearest = 0 if page < 0 else 1

    assert message(LONG, page=page, more="t") == message(LONG, page=nearest, more="t")


def test_a_page_in_the_middle_can_be_turned_both_ways():
    turns = message(HUGE["bullets"], page=1, more="t")["components"][-1]["components"]

    assert [(t["label"], t["custom_id"]) for t in turns] == [
        ("Back", "more:0:t"),
        ("More", "more:2:t"),
    ]


def test_what_the_answer_rests_on_is_on_each_page_with_the_code_of_the_post():
    for number in (0, 1):
        payload = message(LONG, page=number, more="t", code="k3f9a")
        assert embed_of(payload)["footer"]["text"] == "program.yaml#talks · edition 2 · #k3f9a"
    assert embed_of(message(CLARIFY, code="k3f9a"))["footer"]["text"] == "#k3f9a"
    assert "footer" not in embed_of(message(CLARIFY))


# -- facts -----------------------------------------------------------------------------------


def fact(label, *line):
    return Facts(((label, line),))


def test_only_facts_at_the_end_are_fields_so_that_all_stays_in_order():
    answer = answered(
        "Hi.", blocks=(fact("A", "1"), Paragraph(("Then:",)), fact("B", "2"), fact("C", "3"))
    )
    payload = message(answer)

    assert embed_of(payload)["description"] == "Hi.\n**A** 1\nThen:"
    assert [(f["name"], f["value"]) for f in fields_of(payload)] == [("B", "2"), ("C", "3")]


@pytest.mark.parametrize("long", [fact("B" * 257, "2"), fact("B", "w" * 1025)])
def test_a_fact_that_is_too_long_for_a_field_is_a_line(long):
    payload = message(answered("Hi.", blocks=(fact("A", "1"), long, fact("C", "3"))))

    assert embed_of(payload)["description"].startswith("Hi.\n**A** 1\n**B")
    assert [f["name"] for f in fields_of(payload)] == ["C"]


def test_without_other_words_facts_need_no_description():
    embed = embed_of(message(answered(blocks=(fact("A", "1"), fact("", "2")))))

    assert "description" not in embed
    assert [f["name"] for f in embed["fields"]] == ["A", "\u200b"]


def test_facts_stand_side_by_side_if_they_are_short():
    payload = message(answered("Hi.", blocks=(fact("A", "1"), fact("B", "word " * 40))))

    assert [f["inline"] for f in fields_of(payload)] == [True, False]


# -- what can be pressed ---------------------------------------------------------------------


def items(payload):
    """What can be pressed, row by row."""
    return [row["components"] for row in payload["components"]]


def test_what_has_no_token_can_t_be_pressed():
    assert items(message(answered("Hi.", actions=(Action("Yes", "yes"),)))) == []


def test_only_what_one_person_was_told_can_be_shown_to_all():
    answer = answered("Hi.", actions=(press("Show to all", "t", "share"),))

    assert items(message(answer)) == []
    assert items(message(answer, private=True))[0][0]["custom_id"] == "share:0:t"


def test_a_button_is_known_by_its_style_its_number_and_its_token():
    found = items(message(PREVIEW))

    assert [[(b["custom_id"], b["style"]) for b in row] for row in found] == [
        [("primary:0:tok-y", 1), ("danger:1:tok-n", 4)]
    ]
    assert items(message(CLARIFY))[0][2]["custom_id"] == "plain:2:tok-2"
    assert items(message(CLARIFY))[0][2]["style"] == 2


def test_labels_that_are_cut_to_the_same_are_told_apart():
    long = "A talk about queues in networks of the next decade and of the one that follows it "
    answer = answered("Which?", actions=tuple(press(f"{long}{n}", f"t{n}") for n in range(3)))

    first, second, third = (b["label"] for b in items(message(answer))[0])

    assert (
        first == "A talk about queues in networks of the next decade and of the one that follows…"
    )
    assert (second[-5:], third[-5:]) == ("… (2)", "… (3)")


def test_the_same_thing_can_be_chosen_once():
    answer = answered("Which?", actions=tuple(press(f"a{n}", f"t{n % 7}") for n in range(20)))
    ((select,),) = items(message(answer))

    assert [(o["label"], o["value"]) for o in select["options"]] == [
        (f"a{n}", f"t{n}") for n in range(7)
    ]


def test_choices_beyond_what_a_message_holds_are_counted():
    actions = tuple(press(f"Talk {n}", f"t{n}") for n in range(300))
    share = press("Show to all", "s", "share")
    payload = message(answered("Which?", actions=(*actions, share)), private=True)
    *lists, buttons = items(payload)

    assert [len(select["options"]) for (select,) in lists] == [25] * 4
    assert [b["custom_id"] for b in buttons] == ["share:300:s"]
    assert embed_of(payload)["description"] == "Which?\n… 200 more choices; ask for them by name."


# -- text ------------------------------------------------------------------------------------


def drawn(*line):
    return embed_of(message(answered(*line)))["description"]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (Link("x", "https://x.example"), "[x](<https://x.example>)"),
        (Link("", "HTTPS://x.example"), "<HTTPS://x.example>"),
        (Link("https://x.example", "https://x.example"), "<https://x.example>"),
        (Link("a|b\nc", "https://x.example"), "[a∣b c](<https://x.example>)"),
        (Link("a [b]", "https://x.example"), "[a ［b］](<https://x.example>)"),
        (Link("x", "https://x.example/(a)_b?[c]"), "[x](<https://x.example/%28a%29_b?%5Bc%5D>)"),
        (Link("x", "https://x.example/%20ä#b"), "[x](<https://x.example/%20%C3%A4#b>)"),
        (Link("x", "https://x.example/>y"), "[x](<https://x.example/%3Ey>)"),
        (Link("x", "https://x.example:443/"), "[x](<https://x.example:443/>)"),
        (Link("😀 x", "https://x.example"), "😀 x (<https://x.example>)"),
        (Link("@here", "https://x.example"), "@\u2060here (<https://x.example>)"),
        (Link("discord.gg/a", "https://x.example"), "discord\u2060.gg/a (<https://x.example>)"),
        (Link("http://y", "https://x.example"), "http:\u2060//y (<https://x.example>)"),
        (Link("mail", "mailto:chair@x.example"), "mail (chair@x.example)"),
        (Link("", "mailto:chair@x.example"), "chair@x.example"),
        (Link("x", "discord://user"), "x (discord:\u2060//user)"),
        (Link("x", "https://y@x.example"), "x (https:\u2060//y@x.example)"),
        (Link("x", "https://[::1]/"), "x (https:\u2060//\\[::1\\]/)"),
        (Link("x", "https://x.example/\u202ey"), "x (https:\u2060//x.example/y)"),
        (Link("x", "https://x.example/y z"), "x (https:\u2060//x.example/y z)"),
        (
            Link("x", "https://x.example/" + "y" * 1500),
            "x (https:\u2060//x.example/" + "y" * 1500 + ")",
        ),
    ],
)
def test_only_web_addresses_are_links(link, shown):
    assert drawn(link) == shown


def test_what_stands_behind_a_link_can_t_take_it_elsewhere():
    line = (Link("x", "https://x.example"), " y](https://y.example)")

    assert drawn(*line) == r"[x](<https://x.example>) y\]" + "\\(https:\u2060//y.example)"


def test_bold_words_are_bold_wherever_they_stand():
    line = (
        "a",
        Strong(" b "),
        "c",
        Strong("d"),
        Strong("e"),
        "f",
        Strong("*g* # h\\"),
        Strong(" "),
    )

    assert drawn(*line) == r"a **b** c**de**f**\*g\* # h\\**"


def test_nothing_begins_a_quote_a_list_or_a_heading_even_in_bold_words():
    assert drawn(Strong("# x"), "\n> y\n12. z\n  - w\n12.5 v\n+1") == (
        "**\\# x**\n\\> y\n12\\. z\n\\- w\n12.5 v\n+1"
    )


def test_a_time_before_there_was_any_is_told_as_at_the_venue():
    old = Time(datetime(1890, 8, 21, 9, tzinfo=PDT), "9:00 am")

    assert drawn("It began at ", old, ".") == "It began at 9:00 am."


def test_what_a_time_says_can_t_format():
    assert drawn(Time(MORNING.instant, "<t:1> *9*")) == ("\\<\u2060t:1> \\*9\\* (<t:1503331200:f>)")


def test_without_anything_to_say_there_are_dots():
    assert drawn() == "…"
    assert message(answered(), page=3) == {"embeds": [{"description": "…"}], "components": []}


# -- as discord.py has them ------------------------------------------------------------------


class Channel(discord.abc.Messageable):
    """A channel that keeps what would be sent, and in whose client no view must be stored."""

    id = 1
    allowed_mentions = None
    state = property(lambda self: self)

    def __init__(self):
        self.sent = []
        state: Any = self
        self._state = state
        self.http = self

    async def _get_channel(self):
        return self

    async def send_message(self, channel_id, *, params):
        self.sent.append(params.payload)
        return {}

    def create_message(self, *, channel, data):
        return self

    def store_view(self, *stored):
        raise AssertionError(stored)


@pytest.mark.parametrize("name", [name for name in FILES if name != "modal"])
def test_a_message_goes_out_as_it_was_drawn_and_isn_t_kept(name):
    payload = FILES[name]()
    channel = Channel()

    async def send():
        embed = discord.Embed.from_dict(embed_of(payload))
        found = view(payload)
        assert found is None or (found.is_finished() and found.timeout is None)
        await channel.send(embed=embed, view=found or discord.utils.MISSING)

    asyncio.run(send())

    (sent,) = channel.sent
    (embed,) = sent["embeds"]
    assert {part: embed[part] for part in embed_of(payload)} == embed_of(payload)
    assert unset(sent.get("components") or []) == payload["components"]


def test_a_modal_goes_out_as_it_was_drawn_and_isn_t_kept():
    payload = modal(ASKED)

    async def made():
        found = modal_view(payload)
        return found.is_finished(), found.to_dict()

    assert asyncio.run(made()) == (True, payload)


def unset(components):
    """Components without what discord.py says although it is so anyway."""
    usual = {
        "disabled": False,
        "default": False,
        "min_values": 1,
        "max_values": 1,
        "required": True,
    }
    if isinstance(components, list):
        return [unset(component) for component in components]
    if not isinstance(components, dict):
        return components
    return {k: unset(v) for k, v in components.items() if k not in usual or v != usual[k]}
