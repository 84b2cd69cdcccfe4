"""The charts as a therapist is sent them: which patients, which sessions, under which title."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.domain.alliance import Entry, Rule, Rules, mean
from bot.domain.episodes import Episode
from bot.domain.marks import RECENT, Marked, marked
from bot.domain.model import Voice
from bot.domain.weeks import DigestView
from bot.services.alerts import AlertDetail
from bot.services.charts import Panel, Point, draw_alliance, draw_digest
from bot.texts import Texts
from handlers.screen import Screen
from handlers.screens_digest import chart_labels


async def digest_pictures(texts: Texts, voice: Voice, view: DigestView) -> list[Screen]:
    """Draw the week: one panel for each patient with sessions lately, twelve in a picture; none without sessions."""
    panels = _panels(view)
    if not panels:
        return []
    week = texts.week(voice, view.first_on, view.last_on)

    def title(part: int, parts: int) -> str:
        key = "chart-week" if parts == 1 else "chart-week-part"
        numbered = {} if parts == 1 else {"part": str(part), "parts": str(parts)}
        return texts.say(voice, key, week=week, **numbered)

    pictures = await draw_digest(panels, title, chart_labels(texts, voice), zone_of_drops(view.rules))
    return [Screen("", photo=picture) for picture in pictures]


async def course_picture(
    texts: Texts, voice: Voice, code: str, course: Sequence[Entry], episodes: Iterable[Episode], rules: Rules
) -> Screen:
    """Draw the alliance of one patient over all sessions."""
    title = texts.say(voice, "chart-title", code=code)
    points = _points(marked(course, episodes, rules), voice.zone)
    picture = await draw_alliance(points, title, chart_labels(texts, voice), zone_of_drops(rules))
    return Screen("", photo=picture, protected=True)


async def alert_picture(texts: Texts, voice: Voice, detail: AlertDetail) -> Screen:
    """Draw the course of the treatment that an alert is about."""
    view = detail.view
    return await course_picture(texts, voice, view.episode.code, detail.course, [view.episode], view.rules)


def zone_of_drops(rules: Rules) -> float | None:
    """Return how far below an answer the next one is a drop, in points of ten; None where that rule is off."""
    return mean(rules.drop) if Rule.DROP in rules.on else None


def _panels(view: DigestView) -> list[Panel]:
    """Leave out who has had no session for long: all panels share one axis."""
    panels = []
    for code, course in view.courses.items():
        shown = marked(course, [one for one in view.charted if one.code == code], view.rules, RECENT)
        since = view.charted_since
        points = _points([one for one in shown if since is None or one.session_at > since], view.zone)
        if points:
            panels.append(Panel(code, points))
    return panels


def _points(sessions: Iterable[Marked], zone: ZoneInfo) -> list[Point]:
    return [Point(one.session_at.astimezone(zone).date(), one.mean, one.mark) for one in sessions]
