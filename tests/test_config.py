"""The bot's configuration: what it says, and every mistake with its line."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.config import Config, DiscordServed, Served, SlackConfig, configured, unserved
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
            "terminal:ann",
            (
                'bot.yaml:8: "terminal:ann" is not a person\'s address; expected one with an @, such'
                " as slack:@U123"
            ),
        ),
        (
            "slack:C1",
            "slack:general",
            (
                'bot.yaml:5: "slack:general" is no place on Slack; expected a channel\'s id'
                " (slack:C0123ABCD, at the bottom of its About), or a person's (slack:@U0123ABCD)"
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


def test_the_readme_s_configuration_for_slack_is_one(tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("## On Slack")[2].partition("```yaml\n")[2].partition("```")[0]
    found = read(tmp_path, block)
    assert found.slack == SlackConfig()
    assert found.events[0].commands == {"slack": "/kbnets"}
    assert found.events[0].organizers == {"slack:U0123456789", "slack:S0123456789"}


# -- Slack -----------------------------------------------------------------------------------


SLACK = """\
slack:
  listen: 0.0.0.0:3000
  posts_per_minute: 60
events:
  - folder: ev
    audiences: {program: "slack:C1"}
    slack: {command: /kbnets, organizers: [U123, S123]}
"""


def test_slack_is_connected_by_http_where_something_listens(tmp_path):
    found = read(tmp_path, SLACK)
    assert found.slack == SlackConfig(("0.0.0.0", 3000), 60)  # noqa: S104 - it is the owner's choice
    assert found.events[0].commands == {"slack": "/kbnets"}
    assert found.events[0].organizers == {"slack:U123", "slack:S123"}
    assert found.events[0].places == {"slack:C1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            SLACK.replace("slack:\n  listen: 0.0.0.0:3000\n  posts_per_minute: 60\n", ""),
            SlackConfig(),
        ),
        (SLACK.replace("  listen: 0.0.0.0:3000\n", ""), SlackConfig(None, 60)),
        ("slack: {}\nevents: [{folder: ev}]\n", SlackConfig()),
        ("events: [{folder: ev}]\n", None),
    ],
)
def test_slack_is_connected_if_it_is_spoken_of_anywhere(tmp_path, text, expected):
    assert read(tmp_path, text).slack == expected


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "0.0.0.0:3000",
            "3000",
            'bot.yaml:2: "3000" is nowhere to listen; expected a host and a port',
        ),
        ("/kbnets", "kbnets", 'bot.yaml:7: "kbnets" is not a slash command; expected a slash'),
        ("U123,", "kim,", 'bot.yaml:7: "kim" is no id of Slack\'s; expected that of a person'),
        ("posts_per_minute: 60", "posts_per_minute: 0", "bot.yaml:3: no posts a minute; expected"),
        ("listen:", "port:", 'bot.yaml:2: unknown key "port" in slack'),
        ("organizers:", "chairs:", 'bot.yaml:7: unknown key "chairs" in the slack of an event'),
    ],
)
def test_mistakes_about_slack_are_told_with_their_lines(tmp_path, old, new, line):
    assert mistakes(tmp_path, SLACK.replace(old, new))[0].startswith(line)


def test_two_events_cannot_have_one_command(tmp_path):
    two = SLACK + "  - {folder: other, slack: {command: /kbnets}}\n"
    assert mistakes(tmp_path, two)[0].endswith(
        "/kbnets is the command of two events; expected one for each"
    )


# -- Discord ---------------------------------------------------------------------------------


def test_the_readme_s_configuration_for_discord_is_one(tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("## On Discord")[2].partition("```yaml\n")[2].partition("```")[0]
    found = read(tmp_path, block)
    assert found.slack is None
    assert found.events[0].organizers == {"discord:112233445566778891"}
    assert found.events[0].discord == DiscordServed(
        112233445566778890, {"112233445566778899": 112233445566778892}, scheduled=True
    )


DISCORD = """\
events:
  - folder: ev
    audiences: {program: "discord:112233445566778899", authors: terminal:x}
    discord: {server: 112233445566778890, pings: {program: 112233445566778892}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "discord:112233445566778899",
            "discord:general",
            'bot.yaml:3: "discord:general" is no place',
        ),
        ("server: 112233445566778890", "server: mine", 'bot.yaml:4: "mine" is no id of Discord\'s'),
        ("server: 112233445566778890, ", "", 'bot.yaml:4: missing key "server" in the discord of'),
        ("{program: 1", "{authors: 1", "bot.yaml:4: the audience authors reads nowhere on Discord"),
        ("server:", "guild:", 'bot.yaml:4: unknown key "guild" in the discord of an event'),
    ],
)
def test_mistakes_about_discord_are_told_with_their_lines(tmp_path, old, new, line):
    found = mistakes(tmp_path, DISCORD.replace(old, new))
    assert any(each.startswith(line) for each in found), found
