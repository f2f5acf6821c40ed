"""Reading single values: from the text of a scalar to an id, a text, a number, a time or a date.

Each type is a field type of the shapes. A value that can't be read is refused with a sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import ValidationInfo, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from pydantic_core.core_schema import no_info_plain_validator_function as plain

from bot.load.near import suggest
from bot.load.zones import AOE, refusal
from bot.question.words import fold
from bot.source import Mapping, Scalar, Sequence, Value


E = TypeVar("E", bound=StrEnum)

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YEARS: Final = range(1900, 2200)  # far from both ends of what a datetime can hold in any zone

_LONGEST_TEXT: Final = 100_000  # a long abstract has 3,000; what is longer slows every question
_SHOWN: Final = 60  # characters of a value in a sentence

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_WHOLE = re.compile(r"[0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_URL = re.compile(
    r"https?://[^\s/?#<>\"\[\]\\]+[^\s<>\"]*|mailto:[^\s<>\"@]+@[^\s<>\"]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """How the value of a field is read, as an annotation that pydantic understands.

    No other field is judged by an `idle` one: if that is refused, the rest can still be checked.
    """

    schema: CoreSchema
    idle: bool = False

    # Half the time that PlainValidator takes to build a shape, and there are 25 at every start.
    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return self.schema


def wrong(what: str, expected: str, at: Value | None = None) -> PydanticCustomError:
    """What a field type raises: both halves of the sentence, and the place if it lies deeper."""
    return PydanticCustomError("wrong", "{what}", {"what": what, "expected": expected, "at": at})


def shown(value: object) -> str:
    """A value as it appears in a sentence, on one line and not too long."""
    if isinstance(value, str):
        text = " ".join(value.split())
        return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}…"'
    return "a map" if isinstance(value, Mapping) else "a list"


def slug(name: str) -> str:
    """A name as the id that one would give it; empty if no letter or digit of it can be in one."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))


def _id(value: Value) -> Scalar:
    if isinstance(value, Scalar) and _ID.fullmatch(value):
        return value
    expected = "small letters, digits and single hyphens"
    like = (slug(value) if isinstance(value, Scalar) else "") or "session-1"
    raise wrong(f"{shown(value)} is not an id", f"{expected}, such as {like}")


def _pointer(value: Value) -> Scalar:
    """Whatever may be meant for the id of another record: whether it is one, `Ids` says."""
    return value if isinstance(value, Scalar) and value else _id(value)


def _text(value: Value, info: ValidationInfo) -> str:
    if isinstance(value, Mapping):
        value = _in_language(value, str(info.context))
    if not isinstance(value, Scalar):
        raise wrong("a list in place of a text", "a text, or a map such as {en: …, de: …}")
    text = str(value).strip()
    if not any(map(_is_seen, text)):
        raise wrong("an empty text", "some text")
    if len(text) > _LONGEST_TEXT:
        raise wrong(f"a text of {len(text):,} characters", f"at most {_LONGEST_TEXT:,}")
    return text


def _is_seen(character: str) -> bool:
    """Whether a character leaves a mark, other than spaces and zero-width ones."""
    return unicodedata.category(character)[0] not in "CZ"


def _line(value: Value, info: ValidationInfo) -> str:
    """A name or a title: whatever breaks its lines, it is one."""
    return " ".join(_text(value, info).split())


def _in_language(texts: Mapping, language: str) -> Scalar:
    """The text of a map by language: in `language`, or else the first."""
    expected = "texts by language, such as {en: …, de: …}"
    if not texts:
        raise wrong("an empty map in place of a text", expected, texts)
    for code, text in texts.items():
        if not _LANGUAGE.fullmatch(code):
            raise wrong(f"{shown(code)} is not a language code", expected, texts.key(code))
        if not isinstance(text, Scalar) or not text.strip():
            given = "nothing" if isinstance(text, Scalar) else shown(text)
            raise wrong(f"{given} for the language {code}", "a text", text)
    chosen = texts.get(language, next(iter(texts.values())))
    assert isinstance(chosen, Scalar)
    return chosen


def _clock(value: Value) -> time:
    found = _CLOCK.fullmatch(value) if isinstance(value, Scalar) else None
    if found:
        return time(int(found[1]), int(found[2]))
    raise wrong(f"{shown(value)} is not a time", "HH:MM such as 9:30")


def _date(value: Value) -> date:
    found = _DATE.fullmatch(value) if isinstance(value, Scalar) else None
    if found and int(found[1]) in _YEARS:
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:  # the 30th of February
            pass
    raise wrong(f"{shown(value)} is not a date", "YYYY-MM-DD such as 2017-08-21")


def _weekday(value: Value) -> str:
    for name in WEEKDAYS:
        if isinstance(value, Scalar) and value.lower() in (name.lower(), name[:3].lower()):
            return name
    raise wrong(f"{shown(value)} is not a weekday", f"one of {', '.join(WEEKDAYS)}")


def _yes_no(value: Value) -> bool:
    word = value.lower() if isinstance(value, Scalar) else ""
    if word in ("yes", "no", "true", "false"):
        return word in ("yes", "true")
    raise wrong(f"{shown(value)} is neither yes nor no", "yes or no")


def _url(value: Value) -> str:
    if isinstance(value, Scalar) and _URL.fullmatch(value):
        return str(value)
    raise wrong(
        f"{shown(value)} is not a link", "a URL that begins with https://, http:// or mailto:"
    )


def _language(value: Value) -> str:
    if isinstance(value, Scalar) and _LANGUAGE.fullmatch(value):
        return str(value)
    raise wrong(f"{shown(value)} is not a language code", "a code such as en or de")


def _zone(value: Value) -> str:
    if not isinstance(value, Scalar):
        raise wrong(f"{shown(value)} is not a time zone", "an IANA name such as Europe/Berlin")
    if refused := refusal(value):
        raise wrong(*refused)
    return str(value)


def _deadline_zone(value: Value) -> str:
    if isinstance(value, Scalar) and value.lower() == AOE.lower():
        return AOE
    return _zone(value)


def _listed(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Sequence):
        return tuple(value)
    raise wrong(f"{shown(value)} in place of a list", "a list such as [a, b]")


def _one_or_more(value: Value) -> tuple[Value, ...]:
    return (value,) if isinstance(value, Scalar) else _listed(value)


def one_of(words: type[E], called: str, *, but: Collection[E] = ()) -> Reader:
    """A reader of a closed set of words, such as the kinds of talk: all of them `but` some."""
    known = {str(word): word for word in words if word not in but}

    def choose(value: Value) -> E:
        if isinstance(value, Scalar) and value in known:
            return known[value]
        near = suggest(value, known) if isinstance(value, Scalar) else ""
        raise wrong(f"{shown(value)} is not {called}{near}", f"one of {', '.join(known)}")

    return Reader(plain(choose))


def whole(most: int, units: str) -> Reader:
    """A reader of whole numbers from 0 to `most`, of units such as minutes."""

    def count(value: Value) -> int:
        if not isinstance(value, Scalar) or not _WHOLE.fullmatch(value):
            expected = f"a whole number from 0 to {most:,}"
            raise wrong(f"{shown(value)} is not a number of {units}", expected)
        digits = value.lstrip("0") or "0"  # Python refuses to read thousands of them
        if len(digits) > len(str(most)) or int(digits) > most:
            raise wrong(f"{shown(value)} is too many {units}", f"at most {most:,}")
        return int(digits)

    return Reader(plain(count))


def each_once(item: Reader, *, empty: bool = False) -> Reader:
    """A reader of one item or a list of them, none of them twice; the list may be `empty` or not."""

    def read(value: Value, items: ValidatorFunctionWrapHandler) -> tuple[object, ...]:
        written = () if value == "" else _one_or_more(value)
        if not written and not empty:
            raise wrong("an empty list", "at least one")
        found: tuple[object, ...] = items(written)
        seen: set[object] = set()
        for at, one in zip(written, found, strict=True):
            if one in seen:
                raise wrong(f"{shown(at)} is given twice", "each of them once", at)
            seen.add(one)
        return found

    items = core_schema.tuple_variable_schema(item.schema)
    return Reader(core_schema.no_info_wrap_validator_function(read, items))


def _list_of(item: Reader, listed: Callable[[Value], tuple[Value, ...]] = _listed) -> Reader:
    items = core_schema.tuple_variable_schema(item.schema)
    return Reader(core_schema.no_info_before_validator_function(listed, items), idle=item.idle)


_ID_READER = Reader(plain(_id))
_POINTER_READER = Reader(plain(_pointer))
_TEXT_READER = Reader(core_schema.with_info_plain_validator_function(_text), idle=True)
_LINE_READER = Reader(core_schema.with_info_plain_validator_function(_line), idle=True)

Id: TypeAlias = Annotated[Scalar, _ID_READER]
Text: TypeAlias = Annotated[str, _TEXT_READER]
Line: TypeAlias = Annotated[str, _LINE_READER]
Clock: TypeAlias = Annotated[time, Reader(plain(_clock))]
Date: TypeAlias = Annotated[date, Reader(plain(_date))]
Weekday: TypeAlias = Annotated[str, Reader(plain(_weekday), idle=True)]
YesNo: TypeAlias = Annotated[bool, Reader(plain(_yes_no), idle=True)]
Url: TypeAlias = Annotated[str, Reader(plain(_url))]
Language: TypeAlias = Annotated[str, Reader(plain(_language))]
Zone: TypeAlias = Annotated[str, Reader(plain(_zone))]
DeadlineZone: TypeAlias = Annotated[str, Reader(plain(_deadline_zone))]
IdList: TypeAlias = Annotated[tuple[Scalar, ...], _list_of(_ID_READER)]
OneOrMoreIds: TypeAlias = Annotated[tuple[Scalar, ...], each_once(_ID_READER)]
Pointer: TypeAlias = Annotated[Scalar, _POINTER_READER]
Pointers: TypeAlias = Annotated[tuple[Scalar, ...], _list_of(_POINTER_READER)]
OneOrMorePointers: TypeAlias = Annotated[
    tuple[Scalar, ...], _list_of(_POINTER_READER, _one_or_more)
]
Lines: TypeAlias = Annotated[tuple[str, ...], _list_of(_LINE_READER)]
Records: TypeAlias = Annotated[tuple[object, ...], Reader(plain(_listed))]
"""A list of further records, each of which comes through the door by itself."""
