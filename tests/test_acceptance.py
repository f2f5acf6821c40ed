"""What every bot before this one failed at, at least partly: a day with each, on the wound clock.

The real store, the real files and the real desk; only the platform is a fake.
"""

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from bot.answer import plain
from bot.chat import Asker, Place, Question
from bot.courier import Courier
from bot.desk import Desk
from bot.engine import Engine
from bot.errand import Means
from bot.errors import Refused
from bot.load import load
from bot.load.texts import FolderLoader
from bot.notices import Routes
from bot.opening import served
from bot.ports import Surroundings
from bot.running import Serving
from bot.store import Store
from bot.wound import Over, WoundClock
from tests.conftest import FOLDERS, language
from tests.day import Recorder
from tests.front import Front


ROUTES = Routes({"program": ("t:general",), "authors": ("t:call",), "organizers": ("t:team",)})


class Site:
    """An event's folder and a store, in which a bot lives; what it said and posted."""

    def __init__(self, folder, store):
        self.folder, self.store_path = folder, store
        self.said = []
        self.posts = []
        self.coming = []
        self.platforms = {}

    def at(self, clock, what):
        """Let something happen when the venue's clocks show a moment."""
        self.coming.append((clock, what))

    def edit(self, name, old, new):
        """Change a file of the event."""
        path = Path(self.folder, name)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    async def reload(self):
        """What a hangup signal does."""
        await self.serving.reload(self.clock, self.said.append)

    async def order(self, text):
        """What an organizer's command does, and a yes; in a process of its own, as it were."""
        desk = Desk(Engine(self.serving.edition.event, language()), self.serving.edition)
        front = Front(desk)
        place = Place("", "t", "team", private=True)
        kim = Asker("kim", "Kim", organizer=True)
        for number, line in enumerate((text, "yes")):
            answer = await front.heard(Question(str(number), line, kim, place, self.clock()))
            assert answer is not None
            self.said.append(plain(answer))
        edition = desk.edition
        if edition is not self.serving.edition:
            from bot import editions  # noqa: PLC0415 - only here

            self.serving.edition = await editions.kept(
                self.store, self.serving.edition, edition.log[-1]
            )

    def live(self, start, end):
        """Run the bot from a moment to another by the venue's clocks."""
        asyncio.run(self._live(start, end))
        return self

    async def _live(self, start, end):
        self.store = Store(str(self.store_path))
        loader = FolderLoader(self.folder)
        zone = load(self.folder).zone

        def moment(text):
            return datetime.fromisoformat(text).replace(tzinfo=zone)

        edition, said = await served(self.store, loader, moment(start), lasting=True)
        self.said += said

        async def settled():
            await courier.settled()

        self.clock = WoundClock(moment(start), moment(end), settled)
        self.serving = Serving(self.store, loader, edition, self.clock)
        recorder = Recorder("t", self.clock)
        platforms = {"t": recorder} | self.platforms
        around = Surroundings(self.clock, self.clock, lambda: 0.0, start)
        courier = Courier(self.serving.current, Means(self.store, platforms, self.routes(), around))
        for text, what in self.coming:
            if start <= text < end:
                self.clock.at(moment(text), _soon(what))
        try:
            await courier.run()
        except Over:
            pass
        finally:
            await self.store.close()
        self.posts += [
            f"{when.astimezone(zone):%H:%M} {place} {text.splitlines()[0]}"
            for when, place, text in recorder.posts
        ]

    def routes(self):
        return ROUTES


def _soon(what):
    async def done():
        begun = what()
        if begun is not None:
            await begun

    return done


@pytest.fixture
def site(tmp_path):
    shutil.copytree(FOLDERS["kbnets17"], tmp_path / "ev")
    return Site(tmp_path / "ev", tmp_path / "kept.sqlite")


EVE, NOON, NIGHT = "2017-08-20T20:00", "2017-08-21T12:00", "2017-08-21T20:00"
AFTERNOON = "2017-08-21T14:00"
SESSION_3 = "Session 3: Measurement & Performance Analysis"


def of_session_3(posts):
    return [p for p in posts if "Session 3" in p]


def test_a_day_without_mishaps(site):
    site.live(EVE, NIGHT)
    assert [p[:31] for p in site.posts] == [
        "08:00 t:general Today at KBNets",
        "08:50 t:general Opening Remarks",
        "09:05 t:general Keynote 1 start",
        "10:20 t:general Coffee Break st",
        "10:40 t:general Session 1: High",
        "12:30 t:general Lunch Break sta",
        "13:35 t:general Keynote 2 start",
        "14:40 t:general Session 2: Cong",
        "15:40 t:general Coffee Break st",
        "16:00 t:general Session 3: Meas",
    ]


def test_a_restart_inside_a_reminders_window_and_an_outage_across_a_start(site):
    site.live(EVE, "2017-08-21T10:41").live("2017-08-21T10:43", "2017-08-21T13:30")
    site.live("2017-08-21T13:50", NIGHT)  # the second keynote has begun
    assert len([p for p in site.posts if "Session 1" in p]) == 1
    assert [p for p in site.posts if "Keynote 2" in p] == []


def test_files_that_are_malformed_and_then_sound_again_cost_no_reminder(site):
    program = site.folder / "program.yaml"
    sound = program.read_text(encoding="utf-8")

    def spoil():
        program.write_text(sound.replace("sessions:", "sessions: [", 1), encoding="utf-8")
        return site.reload()

    def mend():
        program.write_text(sound.replace("start: 16:10", "start: 16:15"), encoding="utf-8")
        return site.reload()

    site.at("2017-08-21T15:00", spoil)
    site.at("2017-08-21T15:30", mend)
    site.live(AFTERNOON, NIGHT)
    assert [s for s in site.said if s.startswith("program.yaml:")]
    assert of_session_3(site.posts) == [
        (
            f"16:05 t:general {SESSION_3} starts in 10 minutes, at 4:15 pm PDT, in Laureate Room"
            " (Luskin Center)."
        )
    ]


def test_files_that_name_an_unknown_room_change_nothing(site):
    def spoil():
        site.edit("program.yaml", "rooms: [foyer]", "rooms: [ballroom]")
        return site.reload()

    site.at("2017-08-21T15:00", spoil)
    site.live(AFTERNOON, NIGHT)
    assert any('unknown room "ballroom"' in s for s in site.said)
    assert "15:40 t:general Coffee Break starts now, until 4:10 pm PDT, in Foyer." in site.posts


def test_what_an_organizer_cancelled_stays_cancelled_when_the_files_come_again(site):
    def edit():
        site.edit("program.yaml", "RoCE Rocks", "RoCE Rolls")
        return site.reload()

    site.at("2017-08-21T15:00", lambda: site.order("cancel session 3"))
    site.at("2017-08-21T15:30", edit)
    site.live(AFTERNOON, NIGHT)
    assert any(s.startswith("Changes that stay in force") for s in site.said)
    assert of_session_3(site.posts) == []


def test_a_session_that_moves_half_an_hour_after_its_reminder(site):
    site.at("2017-08-21T16:05", lambda: site.order("delay session 3 by 30"))
    site.live(AFTERNOON, NIGHT)
    told = "in Laureate Room (Luskin Center)."
    assert of_session_3(site.posts) == [
        f"16:00 t:general {SESSION_3} starts in 10 minutes, at 4:10 pm PDT, {told}",
        f"16:05 t:general Correction: {SESSION_3} starts at 4:40 pm PDT (not 4:10 pm), {told}",
        f"16:30 t:general {SESSION_3} starts in 10 minutes, at 4:40 pm PDT, {told}",
    ]


def test_a_session_that_moves_into_the_window(site):
    site.at("2017-08-21T15:45", lambda: site.order("move session 3 to 15:52"))
    site.live(AFTERNOON, NIGHT)
    assert of_session_3(site.posts) == [
        (
            f"15:45 t:general {SESSION_3} starts in 7 minutes, at 3:52 pm PDT, in Laureate Room"
            " (Luskin Center)."
        )
    ]


def test_an_organizer_types_a_name_with_an_accent_and_a_typo(site):
    site.at(
        "2017-08-21T15:00", lambda: site.order("replace Éitan Zahavy with Ann Lee in session 3")
    )
    site.live(AFTERNOON, NIGHT)
    assert any(s.startswith("Done: ") and "Eitan Zahavi → Ann Lee" in s for s in site.said)


def test_one_platform_that_refuses_holds_up_no_other(site):
    broken = Recorder("bad", lambda: site.clock())  # noqa: PLW0108 - there is no clock yet
    broken.trouble = [Refused("channel_not_found")] * 99
    site.platforms = {"bad": broken}
    places = {"program": ("bad:x", "t:general"), "organizers": ("t:team",)}
    site.routes = lambda: Routes(places)
    site.live(AFTERNOON, NIGHT)
    assert len(of_session_3(site.posts)) == 1
    assert [p for p in site.posts if "t:team" in p] == [
        "14:40 t:team I could not post to bad:x: channel_not_found"
    ]


def test_a_deadline_that_is_extended_on_its_last_day(site):
    site.edit("call.yaml", "      - {date: 2017-03-31, note: extended}\n", "")
    site.at("2017-03-24T15:00", lambda: site.order("extend the submission deadline to 2017-03-31"))
    site.live("2017-03-20T12:00", "2017-04-01T12:00")
    assert [p[:56] for p in site.posts] == [
        "09:00 t:call Submission deadline: 3 days left, until Fri"[:56],
        "09:00 t:call Submission deadline: 1 day left, until Frid"[:56],
        "09:00 t:call Submission deadline: today is the last day."[:56],
        "15:00 t:call Submission deadline extended: now Friday, M"[:56],
        "09:00 t:call Submission deadline: 3 days left, until Fri"[:56],
        "09:00 t:call Submission deadline: 1 day left, until Frid"[:56],
        "09:00 t:call Submission deadline: today is the last day."[:56],
    ]


def test_a_deadline_anywhere_on_earth_seen_from_nine_hours_east(site):
    site.edit("event.yaml", "zone: America/Los_Angeles", "zone: Asia/Seoul")
    site.edit("call.yaml", "{date: 2017-03-31, note: extended}", "{date: 2017-03-31, zone: AoE}")
    site.live("2017-03-30T12:00", "2017-04-01T23:00")
    assert site.posts == [
        (
            "09:00 t:call Submission deadline: today is the last day. It is Friday, March 31, 2017 AoE,"
            " which is Saturday, April 1, 20:59 KST at the venue, in 35 hours."
        )
    ]


def test_a_day_on_which_the_clocks_change(site):
    for name in ("event.yaml", "program.yaml"):
        text = (site.folder / name).read_text(encoding="utf-8")
        text = text.replace("2017-08-21", "2017-11-05").replace(
            "weekday: Monday", "weekday: Sunday"
        )
        (site.folder / name).write_text(text, encoding="utf-8")
    site.live("2017-11-04T20:00", "2017-11-05T09:30")
    assert [p[:31] for p in site.posts] == [
        "08:00 t:general Today at KBNets",
        "08:50 t:general Opening Remarks",
        "09:05 t:general Keynote 1 start",
    ]


def test_the_first_start_in_the_middle_of_the_day_posts_nothing_old(site):
    site.live("2017-08-21T10:45", "2017-08-21T12:00")
    assert site.posts == []
