"""What an answer looks like in Slack: golden files, and that nothing whatever breaks a limit."""

import html
import json
import os
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.look import home, message, modal, pages
from bot.answer import (
    Action,
    Answer,
    Bullets,
    Facts,
    Field,
    Form,
    Heading,
    Line,
    Link,
    Paragraph,
    Reason,
    Status,
    Strong,
    Time,
    clean,
    plain_line,
)
from bot.pages import paged, rows
from tests.fake_slack_limits import pings, problems, view_problems


GOLDEN = Path(__file__).parent / "golden" / "slack"
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
        *(press(f"Talk {n} about queues", f"tok-{n}") for n in range(1, 8)),
        press("Show to all", "tok-s", "share"),
        press("Another one", "tok-f", "form"),
    ),
)
LONG = answered(
    "42 talks are about networks:",
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
    "*bold* _it_ ~gone~ `code` <!channel> @here @channel",
    blocks=(
        Heading("*Not bold* <!here> :smile: a@b"),
        Bullets(
            (
                ("> not a quote\n> nor this",),
                (":smile::wave: at 10:30, <@U024BE7LH>, <#C024BE7LR|x>, <https://x.example|y>",),
                ("snake_case_name, 2*3*4, a * b, ~10 Gb/s, A* search, chair@x.example",),
                ("turn\u202eed \x1b[31mred\x07", Strong(" *two* words ")),
                (Link("| *l* <!here>", "https://x.example/?a=1&b=2"),),
                (Link("no link", "javascript:alert(1)"),),
                (Link("", "https://x.example/a b>"),),
                ("x", Strong("inside"), "y ", Strong("is cancelled"), "."),
                ("@", "everyone ", "<", "!channel>"),
            )
        ),
        Paragraph((">>> all of it",)),
    ),
    records=("<!channel>*x*",),
    actions=(press("<!channel> *x* :smile:", "tok-1"), press("", "tok-2")),
)
FACTS = answered(
    Strong("Main conference paper"),
    blocks=(
        Facts(
            (
                ("Pages", ("at most ", Strong("6"), ", references not counted")),
                ("Deadline", ("Friday, March 24, ", at("23:59", zone=True))),
                ("Format", ("ACM, two columns; ", Link("template", "https://acm.example/t"))),
                ("Notes", ()),
                ("Ethics", ("word " * 420,)),
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
    "Move a session to another time",
    (
        Field("session", "Which session?", "Session 1"),
        Field("start", "From when on?", "10:50"),
        Field("why", "Why? (shown to all)"),
    ),
)

FILES = {
    "short": lambda: message(SHORT),
    "times": lambda: message(TIMES),
    "reminder": lambda: message(REMINDER),
    "clarify": lambda: message(CLARIFY),
    "many-choices": lambda: message(MANY, private=True),
    "long-1": lambda: message(LONG, more="tok-more"),
    "long-2": lambda: message(LONG, page=1, more="tok-more"),
    "long-without-token": lambda: message(LONG),
    "hostile": lambda: message(HOSTILE),
    "facts": lambda: message(FACTS),
    "heading": lambda: message(HEADING),
    "not-understood": lambda: message(NOT_UNDERSTOOD),
    "preview": lambda: message(PREVIEW),
    "home": lambda: home((TIMES, NOT_UNDERSTOOD)),
    "modal": lambda: modal(ASKED, "tok-form"),
}


def written(payload):
    """A payload as it stands in a golden file: what can't be seen is written as its code."""
    text = json.dumps(payload, indent=1, ensure_ascii=False) + "\n"
    return re.sub(r"[\u200b\u2060]", lambda m: f"\\u{ord(m[0]):04x}", text)


@pytest.mark.parametrize("name", FILES)
def test_an_answer_looks_as_it_was_approved(name):
    """To approve what has changed: `WRITE_GOLDEN=1 pytest tests/test_slack_look.py`; then read it."""
    payload = FILES[name]()
    file = GOLDEN / f"{name}.json"
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(written(payload), encoding="utf-8")

    assert written(payload) == file.read_text(encoding="utf-8")
    assert wrong(payload) == []


# -- limits, whatever is said ----------------------------------------------------------------

MORNING = at("9:00")
MARKS = ["*", "_", "~", "`", "```", ">", "\n> ", ":smile:", "<!channel>", "<@U1>", "@here", "&"]
ODD = ["\u202e", "\u2060", "\u200b", "\x00", "😀", "é", "–", "x", "\n", " ", "|", "^", "…", "• "]
ANYTHING = (
    st.text(max_size=20)
    | st.lists(st.sampled_from(MARKS + ODD + ["word", "a b"]), max_size=8).map("".join)
    | st.builds(
        lambda text, n: text * n,
        st.sampled_from([*MARKS, "😀", "w", "w "]),
        st.sampled_from([30, 80, 500, 3100]),
    )
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
INSTANTS = st.datetimes(datetime(1970, 1, 5), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001
TIMES_OF_DAY = st.builds(Time, INSTANTS, st.sampled_from(["9:00 am", "10:30 CET"]) | ANYTHING)
URLS = st.sampled_from(
    ["https://x.example/a?b=1&c=2", "mailto:chair@x.example", "ftp://x", "", "x y"]
) | ANYTHING.map(lambda text: f"https://x.example/{text}")
INLINES = ANYTHING | TIMES_OF_DAY | st.builds(Strong, ANYTHING) | st.builds(Link, ANYTHING, URLS)
LINES = (
    st.lists(INLINES, max_size=4).map(tuple)
    | st.tuples(TIMES_OF_DAY, st.just("–"), TIMES_OF_DAY)
    | st.just(("a word",))
)
BLOCKS = (
    st.builds(Paragraph, LINES)
    | st.builds(Bullets, st.lists(LINES, max_size=5).map(tuple))
    | st.builds(lambda n: Bullets(((":a*b* ", MORNING),) * n), st.integers(1, 400))
    | st.builds(Heading, ANYTHING)
    | st.builds(Facts, st.lists(st.tuples(ANYTHING, LINES), max_size=12).map(tuple))
)
STYLES = st.sampled_from(["plain", "plain", "primary", "danger", "share", "form", "odd"])
TOKENS = st.sampled_from(["", "t", "t" * 80])
PRESSED = st.builds(Action, ANYTHING, st.just(""), STYLES, TOKENS)
ACTIONS = st.lists(PRESSED, max_size=8).map(tuple) | st.builds(
    lambda action, n: (action,) * n, PRESSED, st.integers(0, 300)
)
ANSWERS = st.builds(
    Answer,
    st.sampled_from(Status),
    LINES,
    st.lists(BLOCKS, max_size=6).map(tuple),
    st.lists(ANYTHING, max_size=6).map(tuple),
    st.none(),
    ACTIONS,
    st.integers(-1, 10**6),
)
MARKUP = re.compile(r"<(!date\^\d+\^[^<>|]+\|[^<>]*|[^<>|]+(?:\|[^<>]*)?)>")
FORMATS = re.compile(
    r"(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])|`|^\s*&gt;|:[\w+'-]+:", re.MULTILINE
)


def texts(part):
    """All text objects of a payload."""
    if isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "plain_text"}:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from texts(inner)


def wrong(payload):
    """What Slack would refuse, and what it would take but we don't want."""
    if payload.get("type") in {"home", "modal"}:
        return view_problems(payload)
    found = problems(payload)
    if sum(len(text["text"]) for text in texts(payload["blocks"])) > 10_000:
        found.append("so much text that Slack may refuse it")
    if not payload["blocks"]:
        found.append("nothing to see")
    for text in texts(payload["blocks"]):
        if text["type"] == "mrkdwn" and not text["verbatim"]:
            found.append(f"makes links by itself: {text}")
        if text["type"] == "plain_text" and text["emoji"]:
            found.append(f"makes emojis: {text}")
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
    text = re.sub(r"[\s\u200b-\u200d\u2060•*_~`∗ˍ∼ˋ﹡⸏＊＿｀|∣:]", "", clean(text))
    return text.replace("(", "").replace(")", "")


def whole(answer):
    """All that an answer says, in order."""
    said = ""
    for line in (answer.summary, *(ln for row in rows(answer.blocks) for ln in lines_of(row))):
        for part in line:
            if isinstance(part, Link) and part.label in {
                part.url,
                part.url.removeprefix("mailto:"),
            }:
                said += bare(part.label)
            else:
                said += bare(plain_line((part,)))
    return said


def seen(payload):
    """All that the blocks of a message say, links with their addresses, in order."""
    found = []
    for block in payload["blocks"]:
        if block["type"] in {"section", "header"}:
            found += texts(block)
    return bare("".join(read(t["text"]) if t["type"] == "mrkdwn" else t["text"] for t in found))


def read(text):
    """The words of a mrkdwn text."""
    text = re.sub(r" \((?:–?<!date[^<>]*>)+\)", "", text)
    return html.unescape(MARKUP.sub(_link, text))


def _link(match):
    url, _, label = match[1].partition("|")
    same = html.unescape(bare(label)) in {
        bare(url),
        bare(html.unescape(url.removeprefix("mailto:"))),
    }
    return label if label and same else label + url


def beginning(text):
    """How a further page begins, or nothing."""
    match = re.match(r"… (?:continued|\d+(?: to \d+)? of \d+)(?:\n|$)", text)
    return match[0] if match else ""


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_every_page_of_whatever_is_said_keeps_within_the_limits(answer):
    found = pages(answer)

    for number in {0, 1, len(found) - 1}:
        for payload in (message(answer, page=number, more=TOKEN), message(answer, page=number)):
            assert wrong(payload) == []
            allowed = {url.replace("&", "&amp;") for url in links(answer)}
            for ping in pings(payload):
                assert ping[1:-1].partition("|")[0] in allowed


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_all_pages_together_say_all_that_was_said(answer):
    number = len(pages(answer))
    payloads = [message(answer, page=n, more=TOKEN) for n in range(number)]
    first, *more = (p["text"] for p in payloads)
    said = first + "".join(text.removeprefix(beginning(text)) for text in more)
    said = bare(html.unescape(said))
    shown = [seen(p).removeprefix(bare(beginning(p["text"]))) for p in payloads[1:]]

    assert said == whole(answer) or (said, whole(answer)) == ("…", "")
    assert "".join([seen(payloads[0]), *shown]) == said


@settings(max_examples=50, deadline=None)
@given(st.lists(ANSWERS, max_size=3))
def test_the_home_page_of_whatever_answers_keeps_within_the_limits(answers):
    view = home(answers)

    assert wrong(view) == []
    assert view["blocks"]
    assert len(json.dumps(view)) < 200_000
    allowed = {url.replace("&", "&amp;") for answer in answers for url in links(answer)}
    for ping in pings(view):
        assert ping[1:-1].partition("|")[0] in allowed


@settings(max_examples=100, deadline=None)
@given(ANYTHING, st.lists(st.builds(Field, st.just("f"), ANYTHING, ANYTHING), max_size=1))
def test_a_form_of_whatever_words_keeps_within_the_limits(title, fields):
    assert wrong(modal(Form(title, tuple(fields)), "tok")) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(ANYTHING | TIMES_OF_DAY, max_size=4).map(tuple))
def test_what_somebody_wrote_never_formats(line):
    answer = answered(*line, blocks=(Bullets((line,)), Paragraph(line)))

    for number in range(len(pages(answer))):
        payload = message(answer, page=number)
        for text in texts(payload["blocks"]):
            if text["type"] == "mrkdwn":
                assert not FORMATS.search(MARKUP.sub("", text["text"]))
        assert not FORMATS.search(payload["text"])


# -- parts -----------------------------------------------------------------------------------


def length(line):
    return len(plain_line(line))


def test_a_short_answer_is_one_page_as_it_is():
    assert pages(SHORT) == (SHORT,)


def test_a_list_goes_on_where_it_stopped_and_says_so():
    answer = answered("Five:", blocks=(Bullets(tuple((f"item {n}",) for n in range(1, 6))),))

    first, second, third = paged(answer, length, lines=2, characters=1000)

    assert (first.summary, second.summary, third.summary) == (
        ("Five:",),
        ("… 3 to 4 of 5",),
        ("… 5 of 5",),
    )
    assert third.blocks == (Bullets((("item 5",),)),)


def test_a_heading_stays_with_what_follows_it():
    line = Paragraph(("word",))
    answer = answered("Two:", blocks=(line, Heading("Next"), line))

    first, second = paged(answer, length, lines=2, characters=1000)

    assert first.blocks == (line,)
    assert second.blocks == (Heading("Next"), line)


def test_a_line_is_cut_between_words_and_not_inside_a_time():
    line: Line = (
        *(f"word{n} " for n in range(12)),
        Time(MORNING.instant, "9 h 00"),
        " and on " * 9,
    )
    answer = answered("Long:", blocks=(Bullets((line, ("next",))),))

    parts = paged(answer, length, lines=9, characters=140)

    pieces = [piece for part in parts for row in rows(part.blocks) for piece in lines_of(row)]
    assert max(map(length, pieces)) <= 80
    assert " ".join(map(plain_line, pieces)).split() == [*plain_line(line).split(), "next"]
    assert any(isinstance(part, Time) for piece in pieces for part in piece)


def test_what_the_answer_rests_on_and_what_can_be_pressed_is_on_each_page():
    first, second = pages(LONG)

    assert (first.records, first.edition) == (second.records, second.edition) == (LONG.records, 2)
    assert first.actions == second.actions == LONG.actions


@pytest.mark.parametrize("page", [-1, 7])
def test_a_page_that_isn_t_there_is_the_nearest_one(page):
    nearest = 0 if page < 0 else 1

    assert message(LONG, page=page, more="t") == message(LONG, page=nearest, more="t")


# -- what can be pressed ---------------------------------------------------------------------


def pressable(payload):
    """The labels of buttons and choices, by what a press brings."""
    blocks = [b["elements"] for b in payload["blocks"] if b["type"] == "actions"]
    elements = [e for block in blocks for e in block]
    options = [o for e in elements for o in e.get("options", (e,))]
    return [(o["text"]["text"], o["value"]) for o in options]


def test_what_has_no_token_can_t_be_pressed():
    assert pressable(message(answered("Hi.", actions=(Action("Yes", "yes"),)))) == []


def test_only_what_one_person_was_told_can_be_shown_to_all():
    answer = answered("Hi.", actions=(press("Show to all", "t", "share"),))

    assert pressable(message(answer)) == []
    assert pressable(message(answer, private=True)) == [("Show to all", "t")]


def test_labels_that_are_cut_to_the_same_are_told_apart():
    long = "A talk about queues in networks of the next decade and of the one that follows "
    answer = answered("Which?", actions=tuple(press(f"{long}{n}", f"t{n}") for n in range(3)))

    first, second, third = (label for label, _ in pressable(message(answer)))

    assert first == "A talk about queues in networks of the next decade and of the one that fol…"
    assert (second[-5:], third[-5:]) == ("… (2)", "… (3)")


def test_three_hundred_choices_fit_with_shorter_labels():
    actions = tuple(
        press(f"{n} is the number of this talk about queues", f"t{n}") for n in range(300)
    )
    payload = message(answered("Which?", actions=actions))

    assert wrong(payload) == []
    assert [token for _, token in pressable(payload)] == [f"t{n}" for n in range(300)]


# -- text ------------------------------------------------------------------------------------


def drawn(*line):
    return message(answered(*line))["blocks"][0]["text"]["text"]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (Link("mail", "mailto:chair@x.example"), "<mailto:chair@x.example|mail>"),
        (Link("", "HTTPS://x.example"), "<HTTPS://x.example>"),
        (Link("a|b\nc", "https://x.example"), "<https://x.example|a∣b c>"),
        (Link("x", "slack://user"), "x (slack://user)"),
        (Link("x", "https://x.example/>y"), "x (https://x.example/&gt;y)"),
        (Link("x", "https://x.example/|y"), "x (https://x.example/|y)"),
        (Link("x", "https://x.example/\u202ey"), "x (https://x.example/y)"),
    ],
)
def test_only_web_and_mail_addresses_are_links(link, shown):
    assert drawn(link) == shown


def test_bold_words_are_bold_wherever_they_stand():
    line = ("a", Strong(" b "), "c", Strong("d"), Strong("e"), "f", Strong("*g* h*2*"), Strong(" "))

    assert drawn(*line) == "a *b* c\u200b*de*\u200bf\u200b*∗g∗ h∗2∗*"


def test_a_time_before_there_was_any_is_told_as_at_the_venue():
    old = Time(datetime(1890, 8, 21, 9, tzinfo=PDT), "9:00 am")

    assert drawn("It began at ", old, ".") == "It began at 9:00 am."


def test_what_a_time_says_can_t_end_its_markup():
    odd = Time(MORNING.instant, "<9|am>^ & *x*")

    assert drawn(odd).endswith("|9 am ∗x∗>)")


def test_a_home_page_that_is_too_long_says_how_much_is_missing():
    long = answered("Many:", blocks=tuple(Paragraph((f"line {n}",)) for n in range(150)))
    blocks = home([SHORT, long, SHORT])["blocks"]

    shown = sum("line " in b["text"]["text"] for b in blocks if b["type"] == "section")
    assert len(blocks) <= 100
    assert blocks[-1]["text"]["text"] == f"… and {150 - shown + 1} more lines; ask me for the rest."


def test_without_anything_to_say_there_are_dots():
    for payload in (message(answered(), page=3), home([])):
        assert [b["text"]["text"] for b in payload["blocks"]] == ["…"]
