"""What happens inside the bot, for whoever looks behind the scenes: rows and sums.  In the bot's process."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.app import Running
from bot.demo.web.lines import Message
from bot.domain.alliance import Entry, Outcome, Rule, mean
from bot.domain.figures import Coming, Sending, Upcoming
from bot.domain.instrument import ALLIANCE
from bot.domain.model import Language, PersonId, Role, Visitor, Voice
from bot.domain.timing import EVER
from bot.domain.views import AlertView
from bot.texts import Texts
from handlers.screens_alerts import alert_detail

COMING: Final = 60
"""So many of the things that fall due next are looked at, and so many are shown."""
SHOWN: Final = 12
SENDINGS: Final = 20

FOR_SOMEBODY: Final = frozenset({Coming.QUESTION, Coming.CHECK_IN, Coming.SESSION, Coming.DIGEST, Coming.URGENT})
"""What somebody hears of when it falls due.  A message is counted by when it should leave, whatever holds it up."""


class Backstage:
    """Looks at the rows; changes nothing."""

    def __init__(self, bot: Running) -> None:
        self._bot = bot
        self._texts = Texts.load()

    async def look(self, message: Message) -> Message:
        """Say what stands in the rows; `message["chats"]` names the phones whose roles are wanted."""
        store, people = self._bot.store, self._bot.services.people
        coming, unsent, waiting = await store.upcoming(COMING), await store.unsent(COMING), await store.waiting()
        visitors = {int(chat): await people.visitor(int(chat)) for chat in message["chats"]}
        names = {visitor.person.id: _name(visitor) for visitor in visitors.values() if visitor.person}
        return {
            "people": [_person(chat, visitor) for chat, visitor in visitors.items()],
            "due": [_due(one) for one in coming[:SHOWN]],
            "outbox": [_sending(one, names) for one in await store.sendings(SENDINGS)],
            "rules": [rule for visitor in visitors.values() for rule in await self._rules(visitor)],
            "moments": _moments(coming),
            "stored": await store.answers_kept(),
            "waiting": waiting["inbox"],
            "awaited": sorted([*map(_said, unsent), *(_said(one.at) for one in coming if one.what in FOR_SOMEBODY)]),
        }

    async def _rules(self, visitor: Visitor) -> list[Message]:
        """Return what the rules found about a therapist's patients, as the therapist reads it, and the bare sum."""
        if visitor.therapist is None or visitor.person is None:
            return []
        async with self._bot.store.reading() as tx:
            episodes = await tx.alerts.episodes(visitor.therapist.id, EVER)
        details = [await self._bot.services.alerts.detail(visitor, episode.id) for episode in episodes]
        voice = visitor.person.voice
        return [
            {"lines": [*_told(self._texts, voice, view), *_sums(voice, view)]}
            for view in (detail.view for detail in details if detail is not None)
        ]


def _told(texts: Texts, voice: Voice, view: AlertView) -> list[str]:
    """Say it as the alert does, up to what to do about it."""
    return alert_detail(texts, voice, view).text.partition("\n\n")[0].splitlines()


def _sums(voice: Voice, view: AlertView) -> list[str]:
    """Write down how the rule reckoned, in the points of 0 to 10 that people read."""
    finding, rules = view.finding, view.rules
    if finding.level is None or finding.current.outcome is not Outcome.ANSWERED:
        return []
    if finding.rule is Rule.ITEM_DROP and finding.previous is not None:
        (item,) = finding.items
        before, now = finding.previous.scores[item], finding.current.scores[item]
        return [_fell(voice, before, now, rules.item_drop)]
    least = rules.falls if finding.count > 1 else {Rule.DROP: rules.drop}.get(finding.rule, rules.slide)
    compared = [one for one in (finding.previous, finding.current) if one and one.outcome is Outcome.ANSWERED]
    return [
        *(_meant(voice, one) for one in compared if one.alliance in {finding.level, finding.current.alliance}),
        _fell(voice, mean(finding.level), mean(finding.current.alliance), mean(least)),
    ]


def _meant(voice: Voice, entry: Entry) -> str:
    scores = " + ".join(str(entry.scores[item]) for item in ALLIANCE)
    return f"({scores}) ÷ {len(ALLIANCE)} = {_figure(voice, mean(entry.alliance))}"


def _fell(voice: Voice, before: float, now: float, least: float) -> str:
    said = [_figure(voice, one) for one in (before, now, before - now, least)]
    return "{} − {} = {} ≥ {}".format(*said)


def _figure(voice: Voice, number: float) -> str:
    text = f"{number:g}"
    return text.replace(".", ",") if voice.language is Language.ES else text


def _moments(coming: Sequence[Upcoming]) -> dict[str, list[str]]:
    """Write down when sessions end, when questions come and digests: where a clock may jump to, if it lies ahead."""
    ends = {"session": sorted(_said(one.ends_at) for one in coming if one.ends_at)}
    return ends | {
        str(what): [_said(one.at) for one in coming if one.what is what] for what in (Coming.QUESTION, Coming.DIGEST)
    }


def _said(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _due(one: Upcoming) -> Message:
    return {"kind": str(one.what), "at": _said(one.at), "what": one.code or one.chore or ""}


def _sending(one: Sending, names: dict[PersonId, str]) -> Message:
    return {
        "id": one.id,
        "kind": one.kind,
        "to": names.get(one.person_id, "·"),
        "class": one.urgency.name.lower(),
        "state": str(one.fate),
        "attempts": one.attempts,
    }


def _person(chat: int, visitor: Visitor) -> Message:
    role = next((str(role) for role in visitor.roles if role in {Role.THERAPIST, Role.PATIENT}), "stranger")
    return {"id": chat, "role": role, "code": visitor.patient.code if visitor.patient else None}


def _name(visitor: Visitor) -> str:
    if visitor.therapist:
        return visitor.therapist.called.name
    return visitor.patient.code if visitor.patient else "·"
