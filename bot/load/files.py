"""Finding an event's files in its folder, and reading them.

What stands in a file may not come from elsewhere (a link out of the folder) and may not be without
measure: its size is looked at before it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.errors import BadData, Mistake
from bot.source import Document, Mapping, parse


MAX_BYTES: Final = 10_000_000
PARTS: Final = ("event", "people", "program", "call", "info", "reminders")
"""What an event is made of: `part.yaml`, or a folder `part/*.yaml` for all but the event."""

_LEADS_OUT: Final = "a link that leads out of the event's folder, or nowhere"


@dataclass(slots=True)
class Files:
    """What was read: the top mapping of each file by part, in the order of the files' names.

    `broken` names the parts that are not known in full, so that nobody is told that something is
    missing which may well be there.
    """

    tops: dict[str, list[Mapping]] = field(default_factory=lambda: {part: [] for part in PARTS})
    broken: set[str] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)

    def refuse(self, part: str, file: str, what: str, expected: str) -> None:
        """Note that a file of a part can't be used at all."""
        self.broken.add(part)
        self.mistakes.append(Mistake(file, 1, what, expected))


def find(folder: Path) -> Files:
    """Read all files of the event in `folder`; only a folder that is none is an error."""
    try:
        if not folder.is_dir():
            what = "there is no such folder" if not folder.exists() else "this is not a folder"
            raise BadData([Mistake(str(folder), 1, what, "a folder that holds an event.yaml")])
        files = Files()
        for part in PARTS:
            for path in _candidates(folder, part, files):
                _take(folder, part, path, files)
    except OSError as error:  # no permission to look inside, a name too long
        what = f"the folder can't be read ({error.strerror})"
        raise BadData([Mistake(str(folder), 1, what, "a readable folder")]) from error
    if not files.tops["event"] and "event" not in files.broken:
        files.refuse("event", "event.yaml", "there is no such file", "it in the event's folder")
    return files


def _candidates(folder: Path, part: str, files: Files) -> Iterator[Path]:
    """The paths that may hold a part; names that come close to one are refused."""
    single, several = folder / f"{part}.yaml", folder / part
    misnamed = folder / f"{part}.yml"
    if _is_there(misnamed):
        files.refuse(part, misnamed.name, "a name that is not read", f"the name {single.name}")
    is_folder = part != "event" and several.is_dir()
    if is_folder and _is_there(single):
        what = f"both {single.name} and a folder {part} are there"
        files.refuse(part, single.name, what, "one of them")
    if _is_there(single):
        yield single
    if is_folder:
        yield from _inside(folder, several, files)


def _inside(folder: Path, several: Path, files: Files) -> Iterator[Path]:
    """The files of a part that is a folder, in the order of their names."""
    part = several.name
    if not _stays_inside(folder, several):
        files.refuse(part, part, _LEADS_OUT, "a folder inside the event's folder")
        return
    for path in sorted(several.iterdir()):
        if path.name.startswith("."):
            continue  # editors keep locks and backups under such names
        if path.suffix == ".yaml":
            yield path
        elif path.suffix == ".yml":
            name = f"{part}/{path.name}"
            files.refuse(part, name, "a name that is not read", f"the name {path.stem}.yaml")


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()  # a link that leads nowhere is there, too


def _take(folder: Path, part: str, path: Path, files: Files) -> None:
    name = path.relative_to(folder).as_posix()
    if not _stays_inside(folder, path):
        files.refuse(part, name, _LEADS_OUT, "a file inside the event's folder")
        return
    if not path.is_file():
        files.refuse(part, name, "this is not a file", "a file of YAML")
        return
    document = read(path, name)
    files.mistakes.extend(document.mistakes)
    match document.root:
        case Mapping():
            files.tops[part].append(document.root)
        case None:
            files.broken.add(part)
        case _:
            files.refuse(part, name, "the file is not a map", 'keys and values, such as "id: x"')


def _stays_inside(folder: Path, path: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # it leads nowhere, or in a circle
        return False


def read(path: Path, file: str) -> Document:
    """Read the YAML file at `path`, called `file` in its values and mistakes."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            what = f"the file has {size / 1e6:.1f} MB"
            expected = "at most 10 MB; what is larger can be a folder, such as program/*.yaml"
            return Document(file, None, (Mistake(file, 1, what, expected),))
        return parse(path.read_bytes(), file)
    except OSError as error:
        what = f"the file can't be read ({error.strerror})"
        return Document(file, None, (Mistake(file, 1, what, "a readable file"),))
