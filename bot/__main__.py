"""The command line, and the only place that knows everybody: files, desk and platforms."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final, NoReturn, TypeVar

import typer
from typer.core import TyperGroup

from bot import __version__
from bot.errors import BadConfig, BadData, TryLater


# Pydantic would read the metadata of every installed package to look for plugins of its own.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.amend import Edition
    from bot.answer import Answer
    from bot.chat import Pace, Platform, Question
    from bot.config import Config, Served
    from bot.demo import Day
    from bot.desk import Desk
    from bot.engine import Engine, Reply
    from bot.event import Event
    from bot.notices import Difference, Planned, Routes
    from bot.running import Chats


class _Group(TyperGroup):
    """All commands; most are made when they are called, as making them takes time."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return [*super().list_commands(ctx), *_LATER, *_VERBS]

    def resolve_command(  # type: ignore[override]
        self, ctx: typer.Context, args: list[str]
    ) -> Any:  # noqa: ANN401 - a tuple of classes that typer keeps to itself
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            from bot.load.near import suggest

            _fail(
                f"Error: there is no command {args[0]!r}{suggest(args[0], known)}; see --help.", 2
            )
        return super().resolve_command(ctx, args)

    def get_command(  # type: ignore[override]
        self, ctx: typer.Context, cmd_name: str
    ) -> Any:  # noqa: ANN401 - a class that typer keeps to itself
        if cmd_name not in _VERBS and cmd_name not in _LATER:
            return super().get_command(ctx, cmd_name)
        alone = typer.Typer(
            add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
        )
        negative = {"ignore_unknown_options": True}  # "delay session 2 by -5"
        function = _LATER[cmd_name] if cmd_name in _LATER else _verb(cmd_name)
        alone.command(cmd_name, context_settings=negative)(function)
        return typer.main.get_command(alone)


_LATER: Final[dict[str, Callable[..., None]]] = {}
_Command = TypeVar("_Command", bound=Callable[..., None])


def _later(function: _Command) -> _Command:
    """Make a command of a function when it is called for."""
    _LATER[function.__name__] = function
    return function


app = typer.Typer(
    cls=_Group,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="A chat bot for a workshop: it answers from the workshop's own records.",
)

_SAMPLE: Final = "kbnets17"
_STORE: Final = "workshop-bot.sqlite"
"""Where changes are kept unless somebody says otherwise: beside whoever works here."""

_LONGEST_INPUT: Final = 1_000_000
_EventOption = Annotated[
    Path | None, typer.Option("--event", help="The event's folder; the sample event without it.")
]
_StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", envvar="WORKSHOP_BOT_STORE", help="Where changes are kept: a file, or a URL."
    ),
]
_AsOption = Annotated[
    str | None, typer.Option("--as", help="Who changes it; the system's user without it.")
]
_YesOption = Annotated[bool, typer.Option("--yes", help="Don't ask, do it.")]
_ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The bot's configuration, for the places.")
]
_RunOption = Annotated[Path, typer.Option("--config", help="The bot's configuration.")]
_FromOption = Annotated[
    str | None, typer.Option("--from", help="From this moment or day on, such as 2017-08-21.")
]
_ToOption = Annotated[str | None, typer.Option("--to", help="Before this moment or day.")]
_NowOption = Annotated[
    str | None,
    typer.Option("--now", help="Pretend that it is this moment, such as 2017-08-21T10:05."),
]


# -- commands --------------------------------------------------------------------------------


@app.command()
def ask(
    question: Annotated[
        list[str] | None, typer.Argument(help="The question; - reads it from standard input.")
    ] = None,
    event: _EventOption = None,
    now: _NowOption = None,
    batch: Annotated[
        typer.FileBinaryRead | None,
        typer.Option("--batch", help="Answer a file of JSON lines; - is standard input."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show how it was read.")] = False,
    store: _StoreOption = None,
) -> None:
    """Answer one question, or a file of them."""
    if batch is not None:
        if question or as_json or explain:
            _fail("--batch takes its questions from a file; leave out whatever asks for one.", 2)
        _ask_all(batch, event, now, store)
        return
    text = _sound(" ".join(question or []))
    if text == "-" or (not text and not sys.stdin.isatty()):
        text = _sound(sys.stdin.read(_LONGEST_INPUT))
    if not text.strip():
        _fail('There is no question. Ask one: workshop-bot ask "when is lunch?"', 2)
    engine = _engine(event, store)
    reply = engine.ask(text, _moment_option(now, engine.event))
    how = _how(reply) if explain else []
    if as_json:
        _print_json(reply, how)
        return
    from adapters.terminal.look import Look

    look = Look()
    look.show(reply.answer)
    for line in how:
        look.say(line, "dim")


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="The event's folder.")] = None,
) -> None:
    """Check an event's files and print every mistake."""
    from adapters.terminal.look import Look
    from bot.load import load_with_warnings
    from bot.load.language import load_language

    try:
        subjects = load_language(data_folder() / "language").subjects
        names = {known: subject.name for known, subject in subjects.items()}
        found, warnings = load_with_warnings(_folder(folder), names)
    except BadData as error:
        Look().say(str(error))
        raise typer.Exit(1) from None
    for warning in warnings:
        Look().say(str(warning))
    call = found.call
    parts = [
        _counted(len(found.sessions), "session"),
        _counted(len(found.talks), "talk"),
        _counted(len(found.people), "person", "people"),
        _counted(len(call.milestones) if call else 0, "milestone"),
        _counted(len(call.rules) if call else 0, "rule"),
        _counted(len(found.infos), "fact"),
    ]
    verdict = f"no mistakes, {_counted(len(warnings), 'warning')}" if warnings else "all is well"
    Look().say(f"{found.short}: {verdict} ({', '.join(parts)})")


@app.command()
def chat(
    event: _EventOption = None,
    now: _NowOption = None,
    organizer: Annotated[
        bool, typer.Option("--organizer", help="Change the program too: delay, move, cancel, undo.")
    ] = False,
    name: _AsOption = None,
    store: _StoreOption = None,
    config: _ConfigOption = None,
) -> None:
    """Talk to the bot."""
    from adapters.terminal.talk import Terminal
    from bot.chat import Asker

    with (
        _told(),
        _changing(event, store, config)
        if organizer
        else _answering(*_placed(event, store, config)) as here,
    ):
        moment = _moment_option(now, here.desk.event) if now is not None else None
        asker = Asker("you", name or _user(), organizer=organizer)
        _reload_on_hangup(here)
        Terminal(here.desk.event.id, lambda: moment or datetime.now(UTC), asker=asker).run(
            here.hear
        )


def _verb(verb: str) -> Callable[..., None]:
    """The command of an organizer's verb."""

    def order(
        said: Annotated[
            list[str] | None, typer.Argument(help="What, as in a chat; quotes may be left out.")
        ] = None,
        event: _EventOption = None,
        config: _ConfigOption = None,
        store: _StoreOption = None,
        name: _AsOption = None,
        yes: _YesOption = False,
        now: _NowOption = None,
    ) -> None:
        text = _sound(" ".join([verb, *(said or [])]))
        with _told(), _changing(event, store, config) as here:
            moment = _moment_option(now, here.desk.event)
            if not _ordered(here, text, name or _user(), moment, yes=yes):
                raise typer.Exit(1)

    order.__doc__ = _VERBS[verb]
    return order


_VERBS: Final = {
    "delay": "Delay a session, a talk or a room: delay session 2 by 10.",
    "move": "Move a session or talk to another time or room.",
    "swap": "Swap two talks.",
    "cancel": "Cancel a session or talk.",
    "restore": "Restore what was cancelled.",
    "replace": "Replace a speaker or chair: replace Ann Lee with Bob Ray in keynote 2.",
    "extend": "Extend a date of the call: extend the submission deadline to 2017-04-07.",
    "correct": "Correct a text: correct title of the QUIC talk to A Better Title.",
    "remember": "Add a fact: remember wifi: the network is called bypass.",
    "changes": "List what was changed, by whom.",
    "undo": "Take back the last change, or the one of a number.",
    "hold": "Let nothing go out by itself until somebody says resume.",
    "resume": "Let posts go out again.",
    "test": "Send a sample post to a place: test slack:C123.",
}


@_later
def reload(event: _EventOption = None, store: _StoreOption = None, yes: _YesOption = False) -> None:
    """Take the event's files into force, with the changes that still fit them."""
    from adapters.terminal.look import Look
    from bot.opening import compared, office

    look = Look()
    with _told(), office(_folder(event), store or _STORE, _clock) as here:
        opened = here.opened()
        if opened.bad is not None:
            _fail(str(opened.bad), 1)
        if opened.proposal is None:
            look.say("The files are those in force.")
            return
        for line in compared(opened.proposal):
            look.say(line)
        if opened.proposal.doubts and not (yes or _agreed()):
            _fail("Nothing was loaded.", 1)
        edition = here.accept(opened, _clock())
        look.say(f"In force: edition {edition.number} of {edition.event.short}.")


@_later
def export(
    folder: Annotated[Path, typer.Argument(help="Where to: a folder that isn't there yet.")],
    event: _EventOption = None,
    store: _StoreOption = None,
) -> None:
    """Write the event as it stands into files, with the comments and order of those in force."""
    from adapters.terminal.look import Look
    from bot.opening import office

    with _told(), office(_folder(event), store or _STORE, _clock) as here:
        try:
            written = here.export(folder)
        except FileExistsError:
            _fail(f"{folder} is there already; name a folder that isn't.", 2)
        Look().say(f"Written to {folder}: {', '.join(written)}.")


@_later
def plan(
    event: _EventOption = None,
    config: _ConfigOption = None,
    start: _FromOption = None,
    end: _ToOption = None,
    diff: Annotated[
        Path | None, typer.Option("--diff", help="What another folder of the event changes.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The plan as JSON.")] = False,
    store: _StoreOption = None,
) -> None:
    """Show every message that would go out by itself: when, where and in which words."""
    from bot.notices import differences
    from bot.notices import plan as planned

    with _told():
        rows: list[object] = []
        for folder, routes, kept in _routed(event, config, store):
            edition = _edition(folder, kept)
            span = (_moment_bound(start, edition.event), _moment_bound(end, edition.event))
            found = planned(edition, routes, *span)
            if diff is not None:
                other = planned(_edition(diff, kept), routes, *span)
                _show_differences(differences(found, other), edition.event.zone)
                return
            if as_json:
                rows += (p.as_json(edition.event) for p in found)
            else:
                _show_plan(found, edition.event)
        if as_json:
            _print_plan(rows)


@_later
def ledger(
    event: _EventOption = None,
    config: _ConfigOption = None,
    place: Annotated[
        str | None, typer.Option("--place", help="Of one place: slack:C123, or a part of it.")
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", help='Of one subject, such as "session 2".')
    ] = None,
    store: _StoreOption = None,
) -> None:
    """Show what went out where, how late, what didn't and why."""
    from adapters.terminal.look import Look
    from bot.opening import office

    look = Look()
    with _told():
        for folder, routes, kept in _routed(event, config, store):
            ids = _ids(folder, kept, subject)
            with office(folder, kept or _STORE, _clock) as here:
                for line in here.books(routes, place or "", ids):
                    look.say(line)


@_later
def run(config: _RunOption = Path("bot.yaml")) -> None:
    """Serve the events of a configuration until it is stopped."""
    import asyncio
    import logging

    from adapters.terminal.look import Look
    from adapters.terminal.post import Posts
    from bot import running
    from bot.config import configured
    from bot.load.language import load_language

    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("workshop_bot").setLevel(logging.INFO)
    aside = Look(sys.stderr, colour=False)
    with _told(""):
        settings = configured(config)
        make = _chats(settings)
        posts = Posts(lambda: _clock().astimezone(UTC), Look())
        language = load_language(data_folder() / "language")
        reach = running.Reach({"terminal": posts}, make)
        try:
            asyncio.run(running.run(settings, reach, language, _clock, aside.say))
        except running.Broke:
            _fail("The bot broke; the log above says where. Start it again.", 1)


@_later
def doctor(config: _RunOption = Path("bot.yaml")) -> None:
    """Check files, tokens, permissions and channels, and say what to fix."""
    import asyncio

    from adapters.terminal.look import Look
    from bot.config import configured
    from bot.running import Reach, examined

    look = Look()
    with _told(""):
        settings = configured(config)
        found = asyncio.run(examined(settings, Reach({}, _chats(settings))))
    for name, each in found:
        look.say(f"{'to fix' if each.fix else 'well'}: {name}: {each.what}")
        if each.fix:
            look.say(f"    {each.fix}")
    if any(each.fix for _, each in found):
        raise typer.Exit(1)


def _chats(settings: Config) -> Chats:
    """What makes the chat platforms of a configuration, with the secrets of the environment."""
    import asyncio

    async def pause(length: timedelta) -> None:
        await asyncio.sleep(length.total_seconds())

    makers: list[Chats] = []
    if settings.slack is not None:
        makers.append(_slack(settings, pause))
    if any(each.discord is not None for each in settings.events):
        makers.append(_discord(settings, pause))

    def made(events: Sequence[tuple[Event, Served]], pace: Pace) -> Sequence[Platform]:
        return [platform for make in makers for platform in make(events, pace)]

    return made


_Pause = Callable[[timedelta], Coroutine[Any, Any, None]]


def _slack(settings: Config, pause: _Pause) -> Chats:
    from adapters.slack.app import Slack
    from adapters.slack.settings import Settings, secrets_of

    slack = settings.slack
    assert slack is not None
    secrets = secrets_of(os.environ, slack.listen)
    people = _organizers(settings, "slack:")
    groups = frozenset(id_ for id_ in people if id_.startswith("S"))

    def made(events: Sequence[tuple[Event, Served]], pace: Pace) -> Sequence[Platform]:
        commands = {c: event.id for event, each in events for c in each.commands.values()}
        own = Settings(commands, groups, people - groups, slack.listen, slack.posts_per_minute)
        return [Slack(own, secrets, pace, _clock, pause)]

    return made


def _discord(settings: Config, pause: _Pause) -> Chats:
    from adapters.discord.app import Discord
    from adapters.discord.settings import Settings, secrets_of

    secrets = secrets_of(os.environ)
    roles = _organizers(settings, "discord:")

    def made(events: Sequence[tuple[Event, Served]], pace: Pace) -> Sequence[Platform]:
        guilds: dict[int, dict[str, str]] = {}
        pings: dict[str, int] = {}
        scheduled: set[str] = set()
        for event, each in events:
            if each.discord is not None:
                guilds.setdefault(each.discord.server, {})[event.id] = event.short
                pings |= each.discord.pings
                scheduled |= {event.id} if each.discord.scheduled else set()
        own = Settings(guilds, roles, pings, frozenset(scheduled))
        return [Discord(own, secrets, pace, _clock, pause)]

    return made


def _organizers(settings: Config, platform: str) -> frozenset[str]:
    """The ids of all organizers on a platform."""
    every = (a for each in settings.events for a in each.organizers)
    return frozenset(a.removeprefix(platform) for a in every if a.startswith(platform))


@_later
def demo(
    speed: Annotated[
        float | None,
        typer.Option(
            "--speed", min=1, max=1e9, help="So many times as fast; half a minute without it."
        ),
    ] = None,
) -> None:
    """Live through the sample workshop's day: what goes out, what is asked, what runs late."""
    import asyncio

    from adapters.terminal.look import Look
    from adapters.terminal.post import Posts
    from bot import demo as day
    from bot.chat import Asker

    desk, look = _desk(None, kept=False), Look()
    longest = _STEP if speed is None else timedelta(hours=1).total_seconds() / speed
    posts: list[Posts] = []

    async def pause(length: timedelta) -> None:
        if posts and posts[0].closed is not None:
            raise posts[0].closed
        quick = length.total_seconds() / (speed or _QUICK)
        await asyncio.sleep(min(quick, longest))

    def said(now: datetime, asker: Asker, text: str) -> None:
        look.say(f"{now:%b %d, %H:%M} {asker.name or asker.id}> {text}", "bold yellow")

    def shown(answer: Answer) -> None:
        look.show(answer)
        look.say("")

    def platform(clock: Callable[[], datetime]) -> Posts:
        posts.append(Posts(clock, look))
        return posts[0]

    stage = day.Stage(platform, said, shown, pause)
    asked = sys.stdin.isatty() and sys.stdout.isatty()
    if asked:
        look.say("Ask whatever you like while the day goes by; ^C ends it.", "dim")
    with _only_errors():
        asyncio.run(day.shown(desk, stage, listen=_listen if asked else None))
    command = sys.argv[0] if sys.argv[0].endswith("workshop-bot") else "workshop-bot"
    look.say(f"Ask your own: {command} chat --now 2017-08-21T10:05", "dim")


@contextmanager
def _only_errors() -> Iterator[None]:
    """Log no warnings for a while: of posts that failed because nothing can be shown any more."""
    import logging

    log = logging.getLogger("workshop_bot")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


_STEP: Final = 2.6
_QUICK: Final = 15.0 * 60
"""Without a speed, a quarter of an hour takes a second, and no step of the clock more than this."""


def _listen(day: Day) -> None:
    """Bring each line that is typed to the day, whenever it comes."""
    import asyncio

    loop = asyncio.get_running_loop()

    def typed() -> None:
        line = sys.stdin.readline(_LONGEST_INPUT)
        if not line:
            loop.remove_reader(sys.stdin)
        elif line.strip():
            asked.add(loop.create_task(day.ask(line.strip())))

    asked: set[asyncio.Task[None]] = set()
    loop.add_reader(sys.stdin, typed)


@app.callback(invoke_without_command=True)
def _main(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        print(f"workshop-bot {__version__}")
        raise typer.Exit


# -- files -----------------------------------------------------------------------------------


def data_folder() -> Path:
    """Where the data lies: inside the installed package, or beside it in a checkout."""
    installed = Path(__file__).parent / "_data"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data"


def _folder(given: Path | None) -> Path:
    """The event's folder; also by the name of its event.yaml, or of a sample that came with us."""
    if given is None:
        return data_folder() / _SAMPLE
    if given.name == "event.yaml" and given.is_file():
        return given.parent
    sample = data_folder() / given.name / "event.yaml"
    try:
        if given.parent in (Path(), Path("data")) and not given.exists() and sample.is_file():
            return sample.parent
    except OSError:  # a name too long to look for: the loader says so
        pass
    return given


class _Here:
    """A desk in this terminal, and the loop in which it works while somebody waits."""

    def __init__(self, desk: Desk, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        from bot.reception import AtDesk, Reception

        self.desk = desk
        self._run = run
        self._reception = Reception({desk.event.id: AtDesk(desk)}, _clock)
        self._busy = self._due = False

    def hear(self, question: Question) -> Answer | None:
        """What is said to a question."""
        self._busy = True
        try:
            said = self._run(self._reception.hear(question))
            return said and said.answer  # type: ignore[no-any-return]
        finally:
            self._busy = False
            if self._due:
                self.reload()

    def reload(self, *_: object) -> None:
        """Take the files into force; in the middle of a question, behind it."""
        self._due = self._busy
        if not self._busy:
            for line in self._run(self.desk.reload()):
                print(line, file=sys.stderr)


@contextmanager
def _answering(folder: Path | None, store: str | None) -> Iterator[_Here]:
    """A desk that nobody changes anything at."""
    import asyncio

    desk = _desk(folder, store)
    with asyncio.Runner() as runner:
        yield _Here(desk, runner.run)


@contextmanager
def _changing(event: Path | None, store: str | None, config: Path | None) -> Iterator[_Here]:
    """A desk whose changes last; what there is to say about the files goes to standard error."""
    from adapters.terminal.look import Look
    from bot.load.language import load_language
    from bot.opening import office

    folder, store = _placed(event, store, config)
    if folder is not None and not folder.exists():
        _fail(f"There is no folder {folder}. Nothing was changed.", 2)
    with office(_folder(folder), store or _STORE, _clock) as here:
        language = load_language(data_folder() / "language")
        desk, said = here.desk(language, _clock(), lasting=True)
        for line in said:
            Look(sys.stderr, colour=False).say(line)
        yield _Here(desk, here.run)


def _ordered(here: _Here, text: str, by: str, now: datetime, *, yes: bool) -> bool:
    """Whether a command was carried out, or needed no yes."""
    from adapters.terminal.look import Look
    from bot.answer import Status
    from bot.chat import Asker, Place, Question

    place = Place(here.desk.event.id, "terminal", "command", private=True)
    asker = Asker("you", by, organizer=True)
    look = Look()

    def said(line: str) -> Answer:
        answer = here.hear(Question(line, line, asker, place, now))
        assert answer is not None
        look.show(answer, choices=True)
        return answer

    answer = said(text)
    if "yes" in [a.asks for a in answer.actions]:
        answer = said("yes" if yes or _agreed() else "no")
    return answer.status == Status.ANSWERED


def _reload_on_hangup(here: _Here) -> None:
    """Let SIGHUP take the files into force, where there are such signals and a store."""
    import signal

    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, here.reload)


def _agreed() -> bool:
    """Whether the line that is typed next says yes."""
    return sys.stdin.readline(_LONGEST_INPUT).strip().casefold() in ("y", "yes")


@contextmanager
def _told(setting: str = "--store: ") -> Iterator[None]:
    """What goes wrong with files, settings and the store, as a sentence.

    `setting` is what a bad configuration is about, if its own words don't say it.
    """
    from bot.errors import Overtaken

    try:
        yield
    except BadData as error:
        _fail(str(error), 1)
    except BadConfig as error:
        _fail(f"{setting}{error}", 2)
    except TryLater:
        _fail("The store can't be reached, or not be written.", 1)
    except Overtaken:
        _fail("Somebody else changed the program meanwhile. Nothing was changed.", 1)


def _clock() -> datetime:
    return datetime.now(UTC)


def _user() -> str:
    """What the system calls whoever is here."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container without an entry for its user
        return "somebody"


def _placed(
    event: Path | None, store: str | None, config: Path | None
) -> tuple[Path | None, str | None]:
    """The event's folder and the store, from a configuration if there is one."""
    if config is None:
        return _folder(event), store
    found = _routed(event, config, store)
    if len(found) > 1:
        folders = ", ".join(str(folder) for folder, _, _ in found)
        _fail(f"--event: the configuration has several events; name one of {folders}", 2)
    return found[0][0], found[0][2]


def _routed(
    event: Path | None, config: Path | None, store: str | None
) -> list[tuple[Path, Routes, str | None]]:
    """The folder, where what it brings goes, and the store, of the event that is given, or of all.

    Without a configuration that is one event, and nobody says where anything goes.
    """
    from bot.notices import Routes

    if config is None:
        kept = store or (_STORE if Path(_STORE).is_file() else None)
        return [(_folder(event), Routes(), kept)]
    from bot.config import configured

    settings = configured(config)
    wanted = None if event is None else _folder(event).resolve()
    mine: list[tuple[Path, Routes, str | None]] = [
        (e.folder, e.routes, store or settings.store)
        for e in settings.events
        if wanted in (None, e.folder.resolve())
    ]
    if not mine:
        _fail(f"--event: the configuration has no event with the folder {event}", 2)
    return mine


def _edition(folder: Path, store: str | None) -> Edition:
    """The edition in force if a store keeps one, else that of the files."""
    from bot.amend import Edition
    from bot.load import load

    if store is None or ("://" not in store and not Path(store).is_file()):
        found = load(folder)
        return Edition(1, found, found)
    from bot.opening import edition

    return edition(folder, store, _clock)


def _ids(folder: Path, store: str | None, subject: str | None) -> tuple[str, ...] | None:
    """The ids of the sessions and milestones that somebody's words mean; `None` if there are none."""
    if subject is None:
        return None
    names = _engine(folder, store).names(_clock())
    found = tuple(dict.fromkeys(getattr(r, "session", r.id) for r in names.records(subject)))
    if not found:
        _fail(f"--subject: the event has nothing called {subject!r}", 2)
    return found


def _moment_bound(given: str | None, event: Event) -> datetime | None:
    try:
        return None if given is None else _moment(given, event)
    except ValueError as error:
        _fail(f"--from and --to: {error}", 2)


def _engine(folder: Path | None, store: str | None = None, *, kept: bool = True) -> Engine:
    """What answers a question: of the edition in force if a store keeps one, else of the files.

    Not `kept`: of the files, whatever a store says.
    """
    gc.disable()  # all that is made now stays to the end: to look for garbage in it only costs time
    from bot.engine import Engine
    from bot.load import load
    from bot.load.language import load_language

    try:
        language = load_language(data_folder() / "language")
        if not kept or (store is None and not Path(_STORE).is_file()):
            return Engine(load(_folder(folder)), language)
        from bot.opening import office  # slow to import, and only a store needs it

        try:
            with office(_folder(folder), store or _STORE, _clock) as here:
                return here.desk(language, _clock(), lasting=False)[0].engine
        except (BadConfig, TryLater) as error:  # attendees get their answers all the same
            why = str(error) if isinstance(error, BadConfig) else "it can't be reached"
            print(f"The store isn't used ({why}); the files answer.", file=sys.stderr)
            return Engine(load(_folder(folder)), language)
    except BadData as error:
        _fail(str(error), 1)
    finally:
        gc.freeze()
        gc.enable()


def _desk(folder: Path | None, store: str | None = None, *, kept: bool = True) -> Desk:
    """A desk for a conversation, or for many questions."""
    from bot.desk import Desk

    return Desk(_engine(folder, store, kept=kept))


# -- what was typed --------------------------------------------------------------------------


def _moment(given: str | None, event: Event) -> datetime:
    """A moment as given, in the event's zone unless it names one; without one the clock's.

    Raises `ValueError` with a sentence if that is no moment.
    """
    if given is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(given.strip())
    except ValueError:
        moment = None
    if moment is None or not 1900 <= moment.year < 3000:
        raise ValueError(f"{given[:40]!r} is not a moment; write it like 2017-08-21T10:05-07:00")
    return moment if moment.tzinfo else moment.replace(tzinfo=event.zone)


def _moment_option(given: str | None, event: Event) -> datetime:
    try:
        return _moment(given, event)
    except ValueError as error:
        _fail(f"--now: {error}", 2)


def _sound(text: str) -> str:
    """Text without the half characters that arguments hold where they aren't the system's text."""
    return text.encode("utf-8", "replace").decode()


def _fail(message: str, code: int) -> NoReturn:
    from adapters.terminal.look import Look

    Look(sys.stderr, colour=False).say(message)
    raise typer.Exit(code)


# -- what is shown ---------------------------------------------------------------------------


def _ask_all(lines: BinaryIO, event: Path | None, now: str | None, store: str | None) -> None:
    from bot.batch import answered, bounded

    desk = _desk(event, store)
    _moment_option(now, desk.event)

    def moment(given: str | None) -> datetime:
        return _moment(now if given is None else given, desk.event)

    for line in answered(desk, bounded(lines), moment):
        _print_utf8(line)


def _print_json(reply: Reply, how: list[str]) -> None:
    import json

    from bot.answer import disarmed, to_json

    shown = to_json(reply.answer) | ({"explained": how} if how else {})
    # In the text of JSON, what opens a mention stands inside strings only.
    _print_utf8(disarmed(json.dumps(shown, ensure_ascii=False, indent=2)))


def _print_utf8(text: str) -> None:
    """JSON is UTF-8, whatever the terminal's encoding."""
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def _show_plan(found: list[Planned], event: Event) -> None:
    from adapters.terminal.look import Look

    look = Look()
    for each in found:
        look.say(each.head(event.zone), "bold")
        look.show(each.answer)
        look.say("")
    total = _counted(len(found), "message") if found else "No message"
    look.say(f"{total} by the reminders of {event.short}.")


def _show_differences(found: list[Difference], zone: ZoneInfo) -> None:
    from adapters.terminal.look import Look

    look = Look()
    for each in found:
        look.say(each.head(zone), "bold")
        if each.after is not None:
            look.show(each.after.answer)
    if not found:
        look.say("Both would say the same.")


def _print_plan(rows: list[object]) -> None:
    import json

    from bot.answer import disarmed

    _print_utf8(disarmed(json.dumps(rows, ensure_ascii=False, indent=2)))


def _how(reply: Reply) -> list[str]:
    """How a question was read."""
    from bot.question.explain import explained

    return list(explained(reply.reading))


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def main() -> None:
    """Run the command line, whatever the streams around it can or can't show."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open to the end
        else:
            stream.reconfigure(errors="replace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here and not at the exit, where nobody could tell what went wrong
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes nowhere
        print(f"The output can't be written ({error.strerror}).", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
