"""Loading how people ask: data/language/en.yaml and the everyday words beside it."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BadData, Mistake
from bot.load.files import read
from bot.question.language import Language, language
from bot.source import Mapping


def load_language(folder: Path, name: str = "en") -> Language:
    """The language called `name` in `folder`; raises `BadData` with every mistake of its files."""
    phrases = _top(folder / f"{name}.yaml")
    common = _top(folder / f"{name}-common.yaml")
    try:
        return language(phrases, " ".join(str(words) for words in common.values()))
    except (KeyError, ValueError) as error:
        what = f"the phrases can't be used ({error})"
        mistake = Mistake(f"{name}.yaml", 1, what, "the form that the head of the file shows")
        raise BadData([mistake]) from error


def _top(path: Path) -> Mapping:
    document = read(path, path.name)
    if document.mistakes:
        raise BadData(document.mistakes)
    if not isinstance(document.root, Mapping):
        raise BadData([Mistake(path.name, 1, "the file is not a map", "keys and lists of phrases")])
    return document.root
