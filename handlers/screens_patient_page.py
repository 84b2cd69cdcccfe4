"""A therapist's patients: the list, page by page, and the page of one of them."""

from collections.abc import Collection, Sequence
from typing import Final

from bot.domain.alliance import mean
from bot.domain.model import Voice
from bot.domain.views import PatientLine, PatientPage
from bot.texts import Texts
from handlers.actions import Action
from handlers.actions_guesses import OfferPause, OpenGuess, OpenPatient, OpenPatients, ShownIn
from handlers.keyboards import encode
from handlers.parts import row
from handlers.screen import Button, Screen, cut, in_rows
from handlers.screens_guesses import gap
from handlers.screens_records import followed

IN_A_ROW: Final = 4
ON_A_PAGE: Final = 24


def patients(
    texts: Texts, voice: Voice, lines: Sequence[PatientLine], urgent: Collection[str] = (), page: int = 0
) -> Screen:
    """List the patients: code, state, last alliance with its day, how guesses differ; an empty list says how to begin.

    `urgent`: the codes of those whom nobody has contacted yet after urgent words; they come first.  Each has a button.
    """
    if not lines:
        return Screen(texts.say(voice, "patients-none"))
    ordered = sorted(lines, key=lambda line: line.patient.code not in urgent)
    pages = [ordered[start : start + ON_A_PAGE] for start in range(0, len(ordered), ON_A_PAGE)]
    page = min(page, len(pages) - 1)
    title = texts.say(voice, "patients-title", count=len(lines))
    if len(pages) > 1:
        title = f"{title} · {texts.say(voice, 'words-page', page=str(page + 1), pages=str(len(pages)))}"
    shown = [_patient_line(texts, voice, line, urgent) for line in pages[page]]
    buttons = [Button(line.patient.code, encode(OpenPatient(line.patient.id))) for line in pages[page]]
    return Screen(
        cut("\n".join([title, *shown])), (*in_rows(buttons, IN_A_ROW), *_turn(texts, voice, page, len(pages)))
    )


def _turn(texts: Texts, voice: Voice, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    back: list[tuple[str, Action]] = [("button-page-before", OpenPatients(page - 1))] if page else []
    on: list[tuple[str, Action]] = [("button-page-after", OpenPatients(page + 1))] if page + 1 < pages else []
    return (row(texts, voice, *back, *on),) if back or on else ()


def _patient_line(texts: Texts, voice: Voice, line: PatientLine, urgent: Collection[str]) -> str:
    state = texts.say(voice, f"patient-state-{line.patient.state}")
    if line.patient.code in urgent:
        state = f"{texts.say(voice, 'patient-urgent')} · {state}"
    said = [_rated(texts, voice, line, state), *([gap(texts, voice, line.gap)] if line.gap else [])]
    return " · ".join(said)


def _rated(texts: Texts, voice: Voice, line: PatientLine, state: str) -> str:
    if line.to_guess is not None:
        return texts.say(voice, "patient-line-to-guess", code=line.patient.code, state=state)
    if line.last is None:
        return texts.say(voice, "patient-line", code=line.patient.code, state=state)
    value = texts.number(voice, mean(line.last.alliance))
    day = texts.short_day(voice, line.last.session_at)
    return texts.say(voice, "patient-line-rated", code=line.patient.code, state=state, mean=value, day=day)


def patient_page(texts: Texts, voice: Voice, page: PatientPage) -> Screen:
    """Show one patient: state, last alliance or the guess that comes first, how guesses differ, the pause."""
    line = page.line
    title = texts.say(
        voice,
        "patient-line",
        code=line.patient.code,
        state=texts.say(voice, f"patient-state-{line.patient.state}"),
    )
    guesses = [texts.say(voice, "patient-page-gap", gap=gap(texts, voice, line.gap))] if line.gap else []
    pause = texts.say(voice, "patient-page-pause-on" if page.offers_pause else "patient-page-pause-off")
    lines = [title, _last(texts, voice, line), *guesses, "", pause, texts.say(voice, "patient-page-pause")]
    return Screen(cut("\n".join(lines)), _page_rows(texts, voice, page))


def _last(texts: Texts, voice: Voice, line: PatientLine) -> str:
    if line.to_guess is not None:
        return texts.say(voice, "patient-page-to-guess")
    if line.last is None:
        return texts.say(voice, "patient-page-no-answer")
    values = {
        "mean": texts.number(voice, mean(line.last.alliance)),
        "day": texts.short_day(voice, line.last.session_at),
    }
    return texts.say(voice, "patient-page-last", **values)


def _page_rows(texts: Texts, voice: Voice, page: PatientPage) -> tuple[tuple[Button, ...], ...]:
    patient, to_guess = page.line.patient.id, page.line.to_guess
    guess: list[tuple[str, Action]] = (
        [("button-guess", OpenGuess(to_guess, ShownIn.PAGE, patient))] if to_guess is not None else []
    )
    key = "button-no-pause" if page.offers_pause else "button-offer-pause"
    pause = row(texts, voice, (key, OfferPause(patient, not page.offers_pause)))
    back = row(texts, voice, ("button-return", OpenPatients(0)))
    lead = row(texts, voice, *followed(patient))
    return (*((row(texts, voice, *guess),) if guess else ()), lead, pause, back)
