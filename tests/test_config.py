"""The bot's configuration: what it says, and every mistake with its line."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.config import Config, Served, configured, unserved
from bot.errors import BadData
from bot.event import DayReminder, Role, SlotReminder
from bot.notices import Routes
from tests.conftest import ROOT
from tests.small import event, person


GOOD = """\
store: kept.sqlite
events:
  - folder: ev
    audiences:
      program: [terminal:general, "slack:C1", "discord:77/88"]
      authors: terminal:call
    people:
      ann-lee: slack:@U7
  - folder: /somewhere/else
"""


def read(tmp_path, text):
    path = tmp_path / "bot.yaml"
    path.write_text(text, encoding="utf-8")
    return configured(path)


def mistakes(tmp_path, text):
    with pytest.raises(BadData) as bad:
        read(tmp_path, text)
    return str(bad.value).splitlines()


def test_paths_are_meant_from_the_configurations_folder(tmp_path):
    assert read(tmp_path, GOOD) == Config(
        str(tmp_path / "kept.sqlite"),
        (
            Served(
                tmp_path / "ev",
                Routes(
                    {
                        "program": ("terminal:general", "slack:C1", "discord:77/88"),
                        "authors": ("terminal:call",),
                    },
                    {"ann-lee": "slack:@U7"},
                ),
            ),
            Served((tmp_path / "x").parent / "/somewhere/else", Routes()),
        ),
    )


@pytest.mark.parametrize(
    ("store", "expected"),
    [("store: postgresql://db/bot\n", "postgresql://db/bot"), ("", "workshop-bot.sqlite")],
)
def test_a_store_is_a_url_or_a_file_beside_the_configuration(tmp_path, store, expected):
    text = GOOD.replace("store: kept.sqlite\n", store)
    found = read(tmp_path, text).store
    assert found == (expected if "://" in expected else str(tmp_path / expected))


ADDRESS = "a platform (terminal, slack, discord) and a place of it, such as slack:C123, or slack:@U123 for a person"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("terminal:call", "call", f'bot.yaml:6: "call" is not an address; expected {ADDRESS}'),
        (
            "terminal:call",
            "irc:call",
            f'bot.yaml:6: "irc:call" is not an address; expected {ADDRESS}',
        ),
        (
            "slack:@U7",
            "slack:U7",
            (
                'bot.yaml:8: "slack:U7" is not a person\'s address; expected one with an @, such as'
                " slack:@U123"
            ),
        ),
        (
            "program:",
            "The Program:",
            (
                'bot.yaml:5: "The Program" is not an id; expected small letters, digits and single'
                " hyphens"
            ),
        ),
        (
            "folder: /somewhere/else",
            "audiences: x",
            'bot.yaml:9: missing key "folder" in an event of the configuration; expected at least folder',
        ),
        (
            "\n      ann-lee: slack:@U7",
            " everybody",
            (
                'bot.yaml:7: "everybody" in place of people with their addresses; expected a map of'
                " people with their addresses"
            ),
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, line):
    assert line in mistakes(tmp_path, GOOD.replace(old, new))


def test_all_mistakes_are_told_at_once(tmp_path):
    text = GOOD.replace("terminal:call", "call").replace("slack:@U7", "U7")
    assert [m.partition(" ")[0] for m in mistakes(tmp_path, text)] == ["bot.yaml:6:", "bot.yaml:8:"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 'bot.yaml:1: missing key "events" in the configuration; expected at least events'),
        ("- a\n", "bot.yaml:1: the file is not a map; expected keys and values"),
        ("events: []\n", "bot.yaml:1: no events; expected at least one"),
    ],
)
def test_a_configuration_without_events_is_none(tmp_path, text, line):
    assert mistakes(tmp_path, text) == [line]


def test_a_configuration_that_isnt_there_is_told(tmp_path):
    with pytest.raises(BadData, match=r"bot.yaml:1: the file can't be read"):
        configured(tmp_path / "bot.yaml")


DAILY = DayReminder("today", "", ("program",), time(8))
OWN = SlotReminder("own", "", (), (Role.CHAIR,), timedelta(minutes=30))


@pytest.mark.parametrize(
    ("rules", "routes", "lines"),
    [
        ((DAILY,), Routes({"program": ("t:x",), "organizers": ("t:y",)}), []),
        (
            (DAILY,),
            Routes({"programme": ("t:x",)}),
            [
                (
                    'No place is named for the audience program (did you mean "programme"?), so today'
                    " goes nowhere."
                ),
                "No reminder goes to the audience programme.",
            ],
        ),
        (
            (OWN,),
            Routes({}, {"ann-le": "t:@U1"}),
            ['The event knows no person ann-le (did you mean "ann-lee"?).'],
        ),
        (
            (),
            Routes({}, {"ann-lee": "t:@U1"}),
            ["People have addresses, but no reminder is about people."],
        ),
    ],
)
def test_what_reminders_and_configuration_dont_agree_on_is_told(rules, routes, lines):
    made = replace(event(people=[person("Ann Lee")]), reminders=rules)
    assert [*unserved(made, routes)] == lines


def test_the_readme_s_configuration_is_one(tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("```yaml\nstore:")[2].partition("```")[0]
    found = read(tmp_path, f"store:{block}")
    assert found.events[0].routes.audiences == {
        "program": ("terminal:general",),
        "authors": ("terminal:authors",),
        "organizers": ("terminal:team",),
    }
    assert found.events[0].routes.people == {"costin-raiciu": "terminal:@costin"}
