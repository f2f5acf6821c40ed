"""An event's files as texts: read from its folder to be kept, and loaded again from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.event import Event
from bot.load.files import PARTS
from bot.load.loading import load


@dataclass(frozen=True, slots=True)
class FolderLoader:
    """The files in a folder."""

    folder: Path

    def read(self) -> Mapping[str, str]:
        """The texts of the files by their names, as they are loaded; `load` says what is wrong."""
        load(self.folder)
        found = {}
        for part in PARTS:
            single, several = self.folder / f"{part}.yaml", self.folder / part
            paths = [single, *(sorted(several.glob("[!.]*.yaml")) if several.is_dir() else [])]
            for path in paths:
                if path.is_file():
                    name = path.relative_to(self.folder).as_posix()
                    found[name] = path.read_bytes().decode("utf-8-sig")
        return found

    def load(self, files: Mapping[str, str]) -> Event:
        """The event that texts make."""
        with TemporaryDirectory(prefix="workshop-bot-") as folder:
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
            return load(Path(folder))
