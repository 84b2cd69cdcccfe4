"""Every text in every variant, for whoever reviews them: each is said by the texts themselves, through Fluent."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from fluent.syntax import FluentParser, ast, visitor

from bot.domain.model import Form, Language, Region, Register, Voice
from bot.texts import Texts
from bot.texts_examples import example

_SECTION: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_CHOSEN: Final = frozenset({"register", "form", "region"})
_GRAMMAR: Final = frozenset({"hour"})
"""Chooses a word by the number that follows; the example shows one of them."""

_ZONE: Final = ZoneInfo("Europe/Madrid")
_PIECES: Final = "Piezas"


class Reader(StrEnum):
    """Who reads a text."""

    PATIENT = "patient"
    THERAPIST = "therapist"
    OPERATOR = "operator"


_ALL: Final = frozenset(Reader)
_PATIENT: Final = frozenset({Reader.PATIENT})
_THERAPIST: Final = frozenset({Reader.THERAPIST})
_BOTH: Final = _PATIENT | _THERAPIST
_OPERATOR: Final = frozenset({Reader.OPERATOR})

_READ_BY: Final[Mapping[str, frozenset[Reader]]] = {
    "El cuestionario": _PATIENT,
    "Ayuda": _PATIENT,
    "Consentimiento y llegada": _PATIENT,
    "Palabras fuera de las preguntas": _PATIENT,
    "Acuerdos y notas": _THERAPIST,
    "Antes de la sesión": _THERAPIST,
    "Gráficos": _THERAPIST,
    "Supervisión: lectura de cada mes": _THERAPIST,
    "Pausa de 45 segundos": _PATIENT,
}
"""By section; sections of therapists say so, and everybody reads the others."""

_READ_ELSEWHERE: Final[Mapping[str, frozenset[Reader]]] = {
    "abuse-card": _ALL,
    "agreement-told": _PATIENT,
    "agreement-yours": _PATIENT,
    "alarm-": _OPERATOR,
    "button-done": _BOTH,
    "button-work": _THERAPIST,
    "button-leave": _PATIENT,
    "button-see": _BOTH,
    "button-see-": _THERAPIST,
    "button-seen": _THERAPIST,
    "command-": _THERAPIST,
    "command-acuerdo.patient": _PATIENT,
    "command-ajustes": _ALL,
    "command-ayuda": _ALL,
    "command-baja": _PATIENT,
    "command-misdatos": _ALL,
    "command-pausa": _PATIENT,
    "command-privacidad": _ALL,
    "command-reanudar": _PATIENT,
    "concern-operator": _OPERATOR,
    "data-acts": _ALL,
    "deletion-": _THERAPIST,
    "enrol-offer-operator": _OPERATOR,
    "export-": _THERAPIST,
    "goodbye": _PATIENT,
    "guardian-": _THERAPIST,
    "help-": _ALL,
    "leave-": _PATIENT,
    "link-": _ALL,
    "manner-first": _PATIENT,
    "manner-question": _PATIENT,
    "media-refused": _ALL,
    "member-unreachable": _OPERATOR,
    "patient-left": _THERAPIST,
    "not-carried": _ALL,
    "not-here": _ALL,
    "nothing-waits": _ALL,
    "privacy-rights-patient": _PATIENT,
    "privacy-rights-therapist": _THERAPIST,
    "question-": _BOTH,
    "record-agreement": _BOTH,
    "record-marker": _BOTH,
    "record-objective": _BOTH,
    "record-review": _BOTH,
    "role-operator": _OPERATOR,
    "settings-work": _THERAPIST,
    "stranger": _ALL,
    "toast-": _ALL,
    "too-fast": _ALL,
    "unknown-command": _ALL,
}
"""By how the key begins, the longest beginning first: what is read by others than the rest of its section."""


@dataclass(frozen=True, slots=True)
class Manner:
    """One way of being spoken to; without a register, English."""

    register: Register | None = None
    region: Region | None = None
    form: Form | None = None


SPANISH: Final[tuple[tuple[Register, Region], ...]] = (
    (Register.USTED, Region.SPAIN),
    (Register.USTED, Region.AMERICAS),
    (Register.TU, Region.SPAIN),
    (Register.TU, Region.AMERICAS),
    (Register.VOS, Region.AMERICAS),
)
"""The ways of addressing somebody that there are."""

ENGLISH: Final = Manner()
_REGISTERS: Final[Mapping[Register | None, str]] = {Register.USTED: "usted", Register.TU: "tú", Register.VOS: "vos"}
_REGIONS: Final[Mapping[Region | None, str]] = {Region.SPAIN: "España", Region.AMERICAS: "América"}
_EVERY: Final = tuple(Manner(*addressed, form) for addressed, form in product(SPANISH, Form))


@dataclass(frozen=True, slots=True)
class Said:
    """What is said, and to whom in just these words."""

    text: str
    manners: tuple[Manner, ...]

    @property
    def language(self) -> Language:
        """Return its language."""
        return Language.EN if self.manners == (ENGLISH,) else Language.ES


@dataclass(frozen=True, slots=True)
class Case:
    """A text in one circumstance, like «rule: slide» (nothing where there is but one), each wording once."""

    circumstance: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A text: its key, the section it stands in, who reads it, and what it says."""

    key: str
    section: str
    readers: frozenset[Reader]
    cases: tuple[Case, ...]


def reviewed(texts: Texts, group: str = "") -> Iterator[Reviewed]:
    """Go through every text whose key has `group` in it, in the order in which they are written."""
    written = texts.books[Language.ES].written
    section, shapes = _PIECES, _Shapes(written)
    english = _Shapes(texts.books[Language.EN].written)
    for name, source in written.items():
        for key in shapes.keys(name) if group.lower() in name.lower() else ():
            yield Reviewed(key, section, readers(key, section), tuple(_Saying(texts, shapes, english).cases(key)))
        headings = _SECTION.findall(source)
        section = headings[-1] if headings else section


def readers(key: str, section: str) -> frozenset[Reader]:
    """Say who reads a text."""
    beginning = next((one for one in sorted(_READ_ELSEWHERE, reverse=True) if key.startswith(one)), None)
    if beginning is not None:
        return _READ_ELSEWHERE[beginning]
    return _THERAPIST if section.startswith("Terapeuta") else _READ_BY.get(section, _ALL)


class _Shapes:
    """What Fluent's own parser says of a language's texts: their variables, and on which of them a choice hangs."""

    def __init__(self, written: Mapping[str, str]) -> None:
        self._written = written
        self._parser = FluentParser(with_spans=False)
        self._parsed: dict[str, dict[str, _Parts]] = {}

    def has(self, key: str) -> bool:
        """Say whether this language has the text."""
        return key.partition(".")[0] in self._written

    def keys(self, name: str) -> Sequence[str]:
        """Return the text's key, and those of its attributes."""
        return tuple(self._entry(name))

    def variables(self, key: str) -> set[str]:
        """Return every variable that has to be filled in, those of the texts that it mentions too."""
        return self._all(key) - _CHOSEN

    def manners(self, key: str) -> list[str]:
        """Return whether it hangs on the register, the form, the region."""
        return sorted(self._all(key) & _CHOSEN)

    def _all(self, key: str) -> set[str]:
        parts = self._entry(key.partition(".")[0])[key]
        return parts.variables.union(*(self._all(other) for other in parts.messages))

    def choices(self, key: str) -> dict[str, list[str]]:
        """Return what hangs on which value of which variable; the default first."""
        parts = self._entry(key.partition(".")[0])[key]
        own = {name: values for name, values in parts.choices.items() if name not in _CHOSEN | _GRAMMAR}
        for other in parts.messages:
            own |= self.choices(other)
        return own

    def _entry(self, name: str) -> dict[str, "_Parts"]:
        if name not in self._parsed:
            entry = self._parser.parse(self._written[name]).body[0]
            if not isinstance(entry, ast.Message):
                raise ValueError(f"{name} cannot be read")
            patterns = {name: entry.value} if entry.value else {}
            patterns |= {f"{name}.{one.id.name}": one.value for one in entry.attributes}
            self._parsed[name] = {key: _Parts(pattern) for key, pattern in patterns.items()}
        return self._parsed[name]


class _Parts(visitor.Visitor):
    """The variables, the messages and the choices of one pattern."""

    def __init__(self, pattern: ast.Pattern) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()
        self.choices: dict[str, list[str]] = {}
        self.visit(pattern)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - fluent.syntax names it
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - fluent.syntax names it
        self.messages.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 - fluent.syntax names it
        if isinstance(node.selector, ast.VariableReference):
            values = self.choices.setdefault(node.selector.id.name, [])
            for one in sorted(node.variants, key=lambda variant: not variant.default):
                value = one.key.name if isinstance(one.key, ast.Identifier) else one.key.value
                values += [value] if value not in values else []
        self.generic_visit(node)


@dataclass(frozen=True, slots=True)
class _Saying:
    """Says a text in every manner and circumstance."""

    texts: Texts
    spanish: _Shapes
    english: _Shapes

    def cases(self, key: str) -> Iterator[Case]:
        """Say it as usual, then with each other value that it asks about, one at a time; each wording once."""
        choices = self.spanish.choices(key)
        usual = {name: values[0] for name, values in choices.items()}
        others = [(name, value) for name, values in choices.items() for value in values[1:]]
        shown: set[tuple[str, ...]] = set()
        for name, value in (("", ""), *others):
            said = self._said(key, usual | {name: value} if name else usual)
            wordings = tuple(one.text for one in said)
            if wordings not in shown:
                shown.add(wordings)
                yield Case(f"{name}: {value}" if name else "", said)

    def _said(self, key: str, chosen: Mapping[str, str]) -> tuple[Said, ...]:
        """Say it in every manner; what is the same in several of them stands once, English by itself."""
        by_text: dict[str, list[Manner]] = {}
        hangs_on, said = self.spanish.manners(key), dict[tuple[object, ...], str]()
        for manner in _EVERY:
            alike = tuple(getattr(manner, name) for name in hangs_on)
            if alike not in said:
                said[alike] = self._text(key, self.spanish, chosen, manner)
            by_text.setdefault(said[alike], []).append(manner)
        spanish = tuple(Said(text, tuple(manners)) for text, manners in by_text.items())
        if not self.english.has(key):  # a piece that only Spanish needs
            return spanish
        return (*spanish, Said(self._text(key, self.english, chosen, ENGLISH), (ENGLISH,)))

    def _text(self, key: str, shapes: _Shapes, chosen: Mapping[str, str], manner: Manner) -> str:
        voice, choices = _voice(manner), self.spanish.choices(key) | shapes.choices(key)
        values = {
            name: _value(example(voice.language, key, name, chosen), chosen.get(name), choices.get(name, []))
            for name in shapes.variables(key)
        }
        return self.texts.say(voice, key, **values)


def _voice(manner: Manner) -> Voice:
    if manner.register is None or manner.form is None or manner.region is None:
        return Voice(Language.EN, Register.USTED, Form.NEUTRAL, _ZONE)
    return Voice(Language.ES, manner.register, manner.form, _ZONE, manner.region)


def _value(usual: str | int, chosen: str | None, choices: Sequence[str]) -> str | int:
    """Return the example of a variable, or a value that leads to what was chosen."""
    if chosen is None or not choices:
        return usual
    if chosen != choices[0]:
        return 1 if chosen == "one" else int(chosen) if chosen.isdecimal() else chosen
    if str(usual) not in choices[1:]:
        return usual
    return max(int(one) for one in choices if one.isdecimal()) + 1 if isinstance(usual, int) else chosen


def addressed(manners: Sequence[Manner]) -> str:
    """Say who is addressed so: «usted, España · tú, España», «vos · comprendida», «español», «English»."""
    if manners == (ENGLISH,):
        return "English"
    forms = tuple(dict.fromkeys(one.form for one in manners))
    ways = tuple(dict.fromkeys((one.register, one.region) for one in manners))
    if len(forms) * len(ways) != len(manners):
        return " · ".join(_one(manner) for manner in manners)
    said = _ways(ways)
    return said if len(forms) == len(Form) else f"{said} · {', '.join(str(form) for form in forms)}"


def _ways(ways: Sequence[tuple[Register | None, Region | None]]) -> str:
    if set(ways) == set(SPANISH):
        return "español"
    for region in Region:
        if set(ways) == {way for way in SPANISH if way[1] is region}:
            return _REGIONS[region]
    parts = []
    for register in Register:
        regions = [region for one, region in ways if one is register]
        whole = len(regions) == len([way for way in SPANISH if way[0] is register])
        if regions:
            parts.append(_REGISTERS[register] if whole else f"{_REGISTERS[register]}, {_REGIONS[regions[0]]}")
    return " · ".join(parts)


def _one(manner: Manner) -> str:
    return f"{_ways([(manner.register, manner.region)])} · {manner.form}"
