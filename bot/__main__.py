"""The command line, and the only place that knows everybody: files, desk and platforms."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot import __version__
from bot.errors import BadData


# Pydantic would read the metadata of every installed package to look for plugins of its own.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")

if TYPE_CHECKING:
    from bot.desk import Desk, Reply
    from bot.event import Event

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="A chat bot for a workshop: it answers from the workshop's own records.",
)

_SAMPLE = "kbnets17"
_EventOption = Annotated[
    Path | None, typer.Option("--event", help="The event's folder; the sample event without it.")
]
_NowOption = Annotated[
    str, typer.Option("--now", help="Pretend that it is this moment, such as 2017-08-21T10:05.")
]


# -- commands --------------------------------------------------------------------------------


@app.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="The question; - reads it.")] = None,
    event: _EventOption = None,
    now: _NowOption = "",
    batch: Annotated[
        str, typer.Option("--batch", help="Answer a file of JSON lines; - reads them.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show how it was read.")] = False,
) -> None:
    """Answer one question, or a file of them."""
    text = " ".join(question or [])
    if text == "-" or (not text and not batch and not sys.stdin.isatty()):
        text = sys.stdin.read()
    if not text.strip() and not batch:
        _fail('There is no question. Ask one: workshop-bot ask "when is lunch?"', 2)
    desk = _desk(event)
    moment = _moment(now, desk.event)
    if batch:
        _answer_batch(desk, batch, moment)
        return
    reply = desk.ask(text, moment)
    if as_json:
        from bot.answer import to_json

        print(json.dumps(to_json(reply.answer), ensure_ascii=False, indent=2))
    else:
        from adapters.terminal.look import Look

        look = Look()
        look.show(reply.answer)
        if explain:
            for line in _explained(reply):
                look.say(line, "dim")


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="The event's folder.")] = None,
) -> None:
    """Check an event's files and print every mistake."""
    found = _event(folder)
    call = found.call
    parts = [
        f"{len(found.sessions)} sessions",
        f"{len(found.talks)} talks",
        f"{len(found.people)} people",
        f"{len(call.milestones) if call else 0} milestones",
        f"{len(call.rules) if call else 0} rules",
        f"{len(found.infos)} facts",
    ]
    print(f"{found.short}: all is well ({', '.join(parts)})")


@app.command()
def chat(event: _EventOption = None, now: _NowOption = "") -> None:
    """Talk to the bot."""
    from adapters.terminal import Terminal

    desk = _desk(event)
    moment = _moment(now, desk.event) if now else None
    Terminal(desk.event.id, lambda: moment or datetime.now(UTC)).run(desk)


@app.command()
def demo() -> None:
    """Ask the sample workshop a few questions through its day."""
    from adapters.terminal.look import Look
    from bot.question.context import Turn

    desk, look = _desk(None), Look()
    turns: list[Turn] = []
    for clock, text in _DEMO:
        moment = datetime.fromisoformat(f"2017-{clock}").replace(tzinfo=desk.event.zone)
        look.say(f"\n{moment:%b %d, %H:%M} > {text}", "bold yellow")
        reply = desk.ask(text, moment, turns)
        turns = [*turns, reply.turn][-3:]
        look.show(reply.answer)


_DEMO = (
    ("03-20T10:00", "how many days do i have left to submit?"),
    ("03-20T10:01", "do references count in the page limit"),
    ("08-20T19:30", "what time do we start tomorrow?"),
    ("08-21T09:05", "who gives the first keynote"),
    ("08-21T09:06", "and where is he from?"),
    ("08-21T10:21", "where do i get coffee"),
    ("08-21T11:10", "when is the QUIC talk"),
    ("08-21T11:12", "which proccessor did they use in the open vswitch paper"),
    ("08-21T12:40", "whats next"),
    ("08-21T14:00", "papers by Liu"),
    ("08-21T15:50", "who chairs session 4?"),
    ("08-21T16:00", "is there a shuttle to the airport?"),
)


@app.callback(invoke_without_command=True)
def _main(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        print(f"workshop-bot {__version__}")
        raise typer.Exit


# -- parts -----------------------------------------------------------------------------------


def data_folder() -> Path:
    """Where the data lies: inside the installed package, or beside it in a checkout."""
    installed = Path(__file__).parent / "_data"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data"


def _event(folder: Path | None) -> Event:
    from bot.load import load

    try:
        return load(folder or data_folder() / _SAMPLE)
    except BadData as error:
        _fail(str(error), 1)


def _desk(folder: Path | None) -> Desk:
    gc.disable()  # all that is made now stays until the end, so to look for garbage in it only costs time
    from bot.desk import Desk
    from bot.load.language import load_language

    try:
        return Desk(_event(folder), load_language(data_folder() / "language"))
    except BadData as error:
        _fail(str(error), 1)
    finally:
        gc.freeze()
        gc.enable()


def _moment(text: str, event: Event) -> datetime:
    """A moment as given, in the event's zone unless it names one; now if none is given."""
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _fail(f"--now: {text!r} is not a moment; write it like 2017-08-21T10:05-07:00", 2)
    return moment if moment.tzinfo else moment.replace(tzinfo=event.zone)


def _fail(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(code)


def _explained(reply: Reply) -> Iterator[str]:
    """How a question was read, line by line."""
    reading = reply.reading
    yield f"read as: {reading.query}"
    if reading.second is not None:
        yield f"and as: {reading.second}"
    yield f"frame: {reading.frame}"
    for typed, meant in reading.mended:
        yield f"mended: {typed} -> {meant}"
    for piece in sorted(reading.pieces, key=lambda p: (p.start, -p.end)):
        words = " ".join(w.text for w in reading.words[piece.start : piece.end])
        yield f"  “{words}” {piece.kind} = {piece.value} (rule: {piece.rule})"
    if reading.unread:
        yield f"unread: {', '.join(reading.unread)}"


# -- batch -----------------------------------------------------------------------------------


def _answer_batch(desk: Desk, path: str, now: datetime) -> None:
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        _fail(f"{path}: the file can't be read ({error.strerror})", 2)
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.strip():
            print(json.dumps(_batch_line(desk, line, number, now), ensure_ascii=False), flush=True)


class _BadLine(Exception):
    """A line of a batch that asks nothing; the message says why."""


def _batch_line(desk: Desk, line: bytes, number: int, now: datetime) -> dict[str, object]:
    item: dict[str, Any] = {}
    try:
        item = _parsed(line)
        moment = _moment_of(item.get("now"), desk.event, now)
        reply = desk.converse(_history(item), _question(item), moment)
    except _BadLine as error:
        return {"id": item.get("id"), "error": f"line {number}: {error}"}
    return {"id": item.get("id"), **_as_batch(reply)}


def _as_batch(reply: Reply) -> dict[str, object]:
    from bot.answer import plain

    answer = reply.answer
    return {
        "status": str(answer.status),
        "reason": str(answer.reason) if answer.reason else None,
        "text": plain(answer),
        "records": list(answer.records),
        "read_as": str(reply.reading.query),
    }


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        item = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        message = "the line is not UTF-8"
        raise _BadLine(message) from error
    except (ValueError, RecursionError) as error:
        message = "the line is not JSON"
        raise _BadLine(message) from error
    if not isinstance(item, dict):
        message = "a JSON object is expected"
        raise _BadLine(message)
    return item


def _question(item: dict[str, Any]) -> str:
    text = item.get("q")
    if not isinstance(text, str) or not text.strip():
        message = "“q” must be a question"
        raise _BadLine(message)
    return _sound(text)


def _history(item: dict[str, Any]) -> list[str]:
    earlier = item.get("history") or []
    if not isinstance(earlier, list) or not all(isinstance(e, str) for e in earlier):
        message = "“history” must be a list of questions"
        raise _BadLine(message)
    return [_sound(e) for e in earlier]


def _sound(text: str) -> str:
    """Text without lone surrogates, which JSON can hold but no file can."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _moment_of(text: object, event: Event, now: datetime) -> datetime:
    if text is None:
        return now
    try:
        moment = datetime.fromisoformat(str(text))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=event.zone)
        moment.astimezone(event.zone)
    except (ValueError, OverflowError) as error:
        message = "“now” must be a moment such as 2017-08-21T10:05:00-07:00"
        raise _BadLine(message) from error
    return moment


def main() -> None:
    """Run the command line; a closed pipe and Ctrl-C end it without a word."""
    try:
        app()
    except BrokenPipeError:
        # Python flushes standard output once more at exit: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
