"""The monthly reading of the alliance: sums about a team, without a name, a code or a comparison."""

from collections.abc import Sequence

from bot.domain.model import Voice
from bot.domain.supervision import Reading, Tally
from bot.texts import Texts
from handlers.screen import Screen, cut

HUNDRED = 100


def reading(texts: Texts, voice: Voice, view: Reading) -> Screen:
    """Show a month; an empty one and one about too few people say so and nothing else."""
    month = texts.month(voice, view.first_on)
    if view.empty:
        return Screen(cut(texts.say(voice, "supervision-empty", month=month)))
    if view.too_small:
        return Screen(cut(texts.say(voice, "supervision-too-small", month=month)))
    group = {"patients": view.patients, "therapists": view.therapists, "sessions": view.sessions}
    title = texts.say(voice, "supervision-title", month=month)
    said = [texts.say(voice, "supervision-group", **group), *_answers(texts, voice, view), *_falls(texts, voice, view)]
    said += [_tally(texts, voice, "supervision-markers", view.markers)]
    return Screen(cut("\n".join([title, *said, "", texts.say(voice, "supervision-end")])))


def _answers(texts: Texts, voice: Voice, view: Reading) -> list[str]:
    keys = {3: ("answered", "declined", "silent"), 2: ("answered", "unanswered"), 0: ()}[len(view.parts)]
    shares = [
        texts.say(voice, f"supervision-{key}", count=part.count, share=_share(part.count, view.sessions))
        for key, part in zip(keys, view.parts, strict=True)
    ]
    return [*(shares or [texts.say(voice, "supervision-parts-untold")]), _attunement(texts, voice, view)]


def _attunement(texts: Texts, voice: Voice, view: Reading) -> str:
    attuned = view.attunement
    if attuned is None:
        return texts.say(voice, "supervision-attuned-untold")
    share = _share(attuned.count, view.answered.count)
    return texts.say(voice, "supervision-attuned", count=attuned.count, share=share)


def _share(count: int, of: int) -> str:
    return str(round(HUNDRED * count / of)) if of else "0"


def _falls(texts: Texts, voice: Voice, view: Reading) -> Sequence[str]:
    tallies = {
        "dropped": view.dropped,
        "repaired": view.repaired,
        "unrepaired": view.unrepaired,
        "not-that": view.not_that,
    }
    lines = [_tally(texts, voice, f"supervision-{key}", tally) for key, tally in tallies.items()]
    if view.days is None or view.sessions_until is None:
        return lines
    medians = {"days": texts.brief_number(voice, view.days), "sessions": texts.brief_number(voice, view.sessions_until)}
    return [*lines, texts.say(voice, "supervision-until", **medians)]


def _tally(texts: Texts, voice: Voice, key: str, tally: Tally) -> str:
    number = texts.say(voice, "supervision-few") if tally.told is None else str(tally.told)
    return texts.say(voice, key, number=number)
