"""How people come in: links, the consent of a patient, the enrolment of the practice's own people, strangers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.domain.consent import Promises
from bot.domain.model import Article, Called, Contact, InvitationId, Language, PatientId, Role, Visitor, Voice
from bot.texts import Texts
from handlers.actions import Action, ConsentAgainTap, ConsentTap, EnrolTap
from handlers.keyboards import encode
from handlers.parts import row
from handlers.screen import Button, Screen, cut
from handlers.screens_manner import door_rows, welcome_rows

CONTACT_AT_MOST: Final = 200
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """What the consent text says about this practice.

    `delay` is how long after a session the questions come; `contact` is whom to ask at the practice;
    `waits_for_morning` is false in a practice without quiet hours; `other_contact` is how to reach somebody who is not
    the therapist; `second_reads`: a second contact may read urgent words; `backups`: for how many days encrypted copies
    last.
    """

    delay: timedelta
    contact: str | None = None
    waits_for_morning: bool = True
    other_contact: str | None = None
    second_reads: bool = False
    backups: int = 14

    @property
    def version(self) -> str:
        """Name the text by what it promises."""
        promises = Promises(
            self.second_reads, bool(self.other_contact), self.backups, self.delay, self.waits_for_morning
        )
        return promises.version


def consent_text(texts: Texts, voice: Voice, called: Called, terms: ConsentTerms) -> str:
    """Return the exact consent text, as it is shown and hashed."""
    name = texts.named(voice, called)
    when = _when_asked(texts, voice, terms.delay, waits_for_morning=terms.waits_for_morning)
    parts = [texts.say(voice, "consent-who", **name), texts.say(voice, "consent-asked", when=when)]
    parts += [texts.say(voice, "consent-read", **name), _emergency(texts, voice, called, terms)]
    parts += [texts.say(voice, f"consent-{part}", **name) for part in ("data", "stop")]
    parts.append(texts.say(voice, "consent-rights", days=terms.backups))
    if terms.contact:
        parts.append(texts.say(voice, "consent-contact", contact=_one_line(terms.contact)))
    return "\n\n".join(parts)


def _emergency(texts: Texts, voice: Voice, called: Called, terms: ConsentTerms) -> str:
    """Say what happens with words about dying, and with words about abuse."""
    second = "consent-second-reads" if terms.second_reads else "consent-second"
    lines = [texts.say(voice, "consent-emergency", **texts.named(voice, called)), texts.say(voice, second)]
    lines.append(texts.say(voice, "consent-abuse"))
    if terms.other_contact:
        lines.append(texts.say(voice, "consent-other-contact", contact=_one_line(terms.other_contact)))
    return "\n".join(lines)


def _one_line(contact: str) -> str:
    return cut(" ".join(contact.split()), CONTACT_AT_MOST)


def consent(texts: Texts, voice: Voice, called: Called, invitation: InvitationId, terms: ConsentTerms) -> Screen:
    """Ask for consent."""
    buttons = _decision(texts, voice, ConsentTap(invitation, accepted=True), ConsentTap(invitation, accepted=False))
    return Screen(consent_text(texts, voice, called, terms), (buttons, *door_rows(texts, voice, invitation)))


def consent_again(texts: Texts, voice: Voice, called: Called, patient: PatientId, terms: ConsentTerms) -> Screen:
    """Ask again, because the text says something else now."""
    text = f"{texts.say(voice, 'consent-changed')}\n\n{consent_text(texts, voice, called, terms)}"
    accept, decline = ConsentAgainTap(patient, accepted=True), ConsentAgainTap(patient, accepted=False)
    return Screen(text, (_decision(texts, voice, accept, decline),))


def _decision(texts: Texts, voice: Voice, accept: Action, decline: Action) -> tuple[Button, ...]:
    return row(texts, voice, ("button-accept", accept), ("button-decline", decline))


def _when_asked(texts: Texts, voice: Voice, delay: timedelta, *, waits_for_morning: bool) -> str:
    if delay < _MINUTE:
        return texts.say(voice, "consent-when-at-once")
    whole_hours = delay >= _HOUR and not delay % _HOUR
    span = (
        texts.say(voice, "hours", hours=delay // _HOUR)
        if whole_hours
        else texts.say(voice, "minutes", minutes=delay // _MINUTE)
    )
    return texts.say(voice, "consent-when-or-morning" if waits_for_morning else "consent-when", delay=span)


def consented(texts: Texts, voice: Voice, called: Called, patient: PatientId) -> Screen:
    """Say what happens next, and in which words; those may be changed here."""
    said, rows = texts.say(voice, "consented", **texts.named(voice, called)), welcome_rows(texts, voice, patient)
    return Screen(cut(f"{said}\n\n{texts.say(voice, 'manner-first')}" if rows else said), rows)


def consent_declined(texts: Texts, voice: Voice, called: Called) -> Screen:
    """Say that nothing will be asked and nothing changes."""
    return Screen(cut(texts.say(voice, "consent-declined", **texts.named(voice, called))))


def welcome_back(texts: Texts, voice: Voice, called: Called) -> Screen:
    """Answer `/start` of a patient who is already in."""
    return Screen(cut(texts.say(voice, "welcome-back", **texts.named(voice, called))))


def not_here(texts: Texts, voice: Voice, visitor: Visitor) -> Screen:
    """Say why nothing comes of what was asked for: it is for others, the invitation is still open, or it needs one."""
    if visitor.roles:
        return Screen(texts.say(voice, "not-here"))
    return Screen(texts.say(voice, "stranger" if visitor.person is None else "not-started"))


def link_invalid(texts: Texts, voice: Voice) -> Screen:
    """Answer a token nobody knows."""
    return Screen(texts.say(voice, "link-invalid"))


def link_used(texts: Texts, voice: Voice) -> Screen:
    """Answer a link that was used, or opened by another account."""
    return Screen(texts.say(voice, "link-used"))


def link_expired(texts: Texts, voice: Voice) -> Screen:
    """Answer a link whose days are over."""
    return Screen(texts.say(voice, "link-expired"))


def link_too_many_tries(texts: Texts, voice: Voice) -> Screen:
    """Answer a chat that tries one link after another."""
    return Screen(texts.say(voice, "link-too-many-tries"))


def enrol_offer(texts: Texts, voice: Voice, name: str, invitation: InvitationId, role: Role = Role.THERAPIST) -> Screen:
    """Say what this role gets here, and ask how the name is said in Spanish; another name can be typed."""
    spanish = replace(voice, language=Language.ES)
    rows: tuple[tuple[Button, ...], ...] = tuple(
        (Button(texts.with_article(spanish, name, article), encode(EnrolTap(invitation, article))),)
        for article in _articles(name)
    )
    rows = (*rows, *door_rows(texts, voice, invitation))
    if role is Role.THERAPIST:
        return Screen(cut(texts.say(voice, "enrol-offer")), rows)
    gets, ask = texts.say(voice, f"enrol-offer-{role}"), texts.say(voice, "enrol-offer-name")
    return Screen(cut(f"{gets}\n\n{ask}"), rows)


def _articles(name: str) -> tuple[Article, ...]:
    """Return the articles a name may take: a title in Spanish says which one."""
    title = name.split(" ", maxsplit=1)[0].lower().rstrip(".")
    said = {"dra": Article.LA, "sra": Article.LA, "doctora": Article.LA} | dict.fromkeys(
        ("dr", "sr", "doctor"), Article.EL
    )
    return (said[title], Article.NONE) if title in said else (Article.LA, Article.EL, Article.NONE)


def enrolled(texts: Texts, voice: Voice, called: Called) -> Screen:
    """Say how to begin."""
    return Screen(cut(texts.say(voice, "enrolled", **texts.named(voice, called))))


def contact_enrolled(texts: Texts, voice: Voice, contacts: Sequence[Contact]) -> Screen:
    """Say to somebody of the practice what each of their roles gets here."""
    lines = [texts.say(voice, f"role-{contact.role}") for contact in contacts]
    name = texts.named(voice, contacts[0].called)
    return Screen(cut("\n".join([texts.say(voice, "contact-enrolled", **name), *lines])))
