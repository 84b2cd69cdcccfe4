"""What people, the clock and the machine may do to a practice, in any order: the rules of the state machine."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.demo.state import Message
from bot.domain.model import EpisodeId, SessionId
from handlers.actions import AnswerNow, Back, Correct, Done, Later, NoSession, NotThisTime, ScoreTap
from handlers.actions_agenda import CallOff, MoveHour, RestoreSession
from handlers.actions_alerts import FalseAlarm, Seen, Talked
from handlers.actions_settings import SetZone
from handlers.keyboards import decode, encode
from tests.faults import life_model as model
from tests.faults import life_stage as stage
from tests.faults.life_model import CheckIn, State
from tests.faults.life_promises import CODES, FACES, MADRID, MEXICO, PROMISES, Promises

STARTS: Final = (
    datetime(2026, 11, 17, 16, 0, tzinfo=UTC),
    datetime(2027, 3, 26, 16, 0, tzinfo=UTC),
    datetime(2026, 10, 23, 9, 0, tzinfo=UTC),
)
"""A Tuesday, and two Fridays before the clocks of Madrid change."""

SPANS: Final = {
    "a minute": timedelta(minutes=1),
    "6 min": timedelta(minutes=6),
    "16 min": timedelta(minutes=16),
    "35 min": timedelta(minutes=35),
    "1 h 1 s": timedelta(hours=1, seconds=1),
    "3 h": timedelta(hours=3),
    "7 h 20 min": timedelta(hours=7, minutes=20),
    "20 h": timedelta(hours=20),
    "a day": timedelta(days=1),
    "73 h": timedelta(hours=73),
    "a week": timedelta(days=7),
}
BREATH: Final = timedelta(seconds=7)
"""Between two things that people do."""

LENGTH: Final = timedelta(minutes=50)

MANY: Final = 3
"""Sessions after which somebody may leave."""

answers = st.sampled_from(((10, 10, 0), (9, 8, 2), (4, 5, 8), (6, 7, 7), (2, 10, 1)))
GOOD_THEN_BAD: Final = ((10, 10, 0), (4, 5, 2))
codes = st.sampled_from(("P-01", "P-01", "P-01", "P-02"))
spans = st.sampled_from(sorted(SPANS, key=SPANS.__getitem__))
some = st.integers(0, 20)


class Machine(Promises, RuleBasedStateMachine):
    folder: ClassVar[Path]
    examples: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).examples += 1
        self.home = self.folder / f"example-{self.examples}"
        self.errands = stage.Errands()
        self.old: list[tuple[str, str, Message]] = []
        self.looks = 0

    def teardown(self) -> None:
        self._count()
        self.errands.run(self._closes())
        self.errands.close()
        shutil.rmtree(self.home)

    async def _closes(self) -> None:
        await self.stack.aclose()

    def _count(self) -> None:
        """Note what happened in this life, so that it is seen whether enough did."""
        self.happened["sessions"] += len(self.life.check_ins)
        self.happened["answered"] += sum(one.answered_at is not None for one in self.life.check_ins)
        self.happened["corrected"] += len(self.corrected)
        self.happened.update(push.kind for push in self.sent)
        alerts = self.witness.rows("SELECT rule, withdrawn_at FROM alerts")
        self.happened.update("withdrawn" if one["withdrawn_at"] else one["rule"] for one in alerts)
        self.happened["deaths"] += self.practice.lives - 1
        self.happened["left"] += sum(one.left_at is not None for one in self.life.patients.values())

    # The world

    @initialize(start=st.sampled_from(STARTS))
    def opens(self, start: datetime) -> None:
        self.errands.run(self._opens(start))

    async def _opens(self, start: datetime) -> None:
        self.practice, self.stack = await stage.opened(self.home, start, "")
        self.witness = stage.Witness(self.practice)
        therapist, patient = self.practice.therapist, self.practice.telegram.phone
        self.therapists = {"P-01": await therapist(), "P-02": await therapist(101, "Dr. Gil", "el Dr. Gil")}
        self.phones = {"P-01": patient(200, "Ana"), "P-02": patient(201, "Luis")}
        await self._accepts("P-01")
        await self.practice.invitation(self.therapists["P-02"], "P-02")
        self._hears_everybody()

    async def _accepts(self, code: str) -> None:
        link = await self.practice.invitation(self.therapists[code], code)
        await self.practice.says(self.phones[code], f"/start {link}")
        await self.practice.taps(self.phones[code], "Acepto")
        if self.life.patients[code].zone is not MADRID:
            zone = str(self.life.patients[code].zone)
            await self.practice.taps_data(self.phones[code], encode(SetZone(zone)))
        self.life.patients[code].standing = "active"

    def _hears_everybody(self) -> list[tuple[str, Message]]:
        """Take in what has arrived on the phones since the last time."""
        for phone in self.therapists.values():
            self.witness.news(phone)
        return [(code, message) for code, phone in self.phones.items() for message in self.witness.news(phone)]

    async def _look(self) -> None:
        """Let everything happen that is due now, here and in the model; note what was sent unasked."""
        await self.practice.settle()
        self._note_pushes()

    def _note_pushes(self) -> None:
        self.life.look(self.now)
        self.expected += self.life.pushes
        self.life.pushes = []
        for therapist in set(self.therapists.values()):
            self.pushed_to_therapists += [(message.date, message.text) for message in self.witness.news(therapist)]
        for code, message in self._hears_everybody():
            check_in = stage.about(message)
            if check_in is None:
                self.uncalled.append(f"{code} {message.date}: {message.text}")
            else:
                self.pushed.append((check_in, message.date))

    async def _time_goes_to(self, at: datetime) -> None:
        """Move the clock: nobody looks at the very instant at which something is due, nor at the same one twice."""
        self.looks += 1
        self.practice.clock.move_to(at + timedelta(microseconds=self.looks))
        await self._look()

    async def _walks(self, until: datetime) -> None:
        """Let time pass as it does: whatever falls due on the way happens at its instant."""
        while True:
            dues = (await stage.next_due(self.practice, self.now), self.life.next_due(self.now), until)
            at = min(due for due in dues if due is not None)
            await self._time_goes_to(min(at, until))
            if at >= until:
                return

    def act(self, doing: Callable[[], Any]) -> Any:
        """Let a patient do something, a breath after the last thing; what is answered is no push."""
        return self.errands.run(self._act(doing))

    async def _act(self, doing: Callable[[], Any]) -> Any:
        self.happened["things done"] += 1
        await self._time_goes_to(self.now + BREATH)
        outcome = await doing()
        self._hears_everybody()
        return outcome

    def at_work(self, doing: Callable[[], Any]) -> Any:
        """Let a therapist do something; a patient may be asked because of it."""
        return self.errands.run(self._at_work(doing))

    async def _at_work(self, doing: Callable[[], Any]) -> Any:
        self.happened["things done"] += 1
        await self._time_goes_to(self.now + BREATH)
        outcome = await doing()
        for phone in self.therapists.values():
            self.witness.news(phone)
        self._note_pushes()
        return outcome

    # Time, and the machine

    @rule(span=spans)
    def time_passes(self, span: str) -> None:
        self.errands.run(self._walks(self.now + SPANS[span]))

    @rule()
    @precondition(lambda self: self.life.next_due(self.now))
    def time_passes_until_something_is_due(self) -> None:
        self.errands.run(self._walks(self.life.next_due(self.now) or self.now))

    @rule(span=spans)
    def the_clock_jumps_ahead(self, span: str) -> None:
        self.errands.run(self._time_goes_to(self.now + SPANS[span]))

    @rule()
    def the_clock_goes_back_an_hour(self) -> None:
        self.errands.run(self._time_goes_to(self.now - timedelta(hours=1)))

    @rule(turns=st.integers(0, 400))
    def the_bot_dies_and_lives_again(self, turns: int) -> None:
        """Die while doing what is due next, if that is soon."""
        self.errands.run(self._dies(turns))

    async def _dies(self, turns: int) -> None:
        soon = self.now + timedelta(hours=4)
        at = min((due for due in (self.life.next_due(self.now), soon) if due is not None), default=soon)
        self.practice.clock.move_to(min(at, soon))
        self.dies_now()
        await self.practice.dies(turns, self.practice.settle)
        await self._look()
        await self._time_goes_to(self.now + stage.REPLY_LOST)

    @rule(code=codes, value=st.integers(0, 10), turns=st.integers(0, 400))
    @precondition(lambda self: self._open("P-01", *FACES) or self._open("P-02", *FACES))
    def the_bot_dies_over_a_score(self, code: str, value: int, turns: int) -> None:
        one = self._open(code, *FACES)
        if one is not None:
            self.act(lambda: self._dies_over(one, value, turns))

    async def _dies_over(self, one: CheckIn, value: int, turns: int) -> None:
        if not one.is_open(self.now):
            return
        button = self._button(one, lambda action: isinstance(action, ScoreTap) and action.value == value)
        self.dies_now()
        await self.phones[one.patient.code].tap_data(button[1], button[0])
        await self.practice.dies(turns, self.practice.settle)
        await self.practice.settle()
        self.life.scores(one, one.step, value, self.now)
        await self._time_goes_to(self.now + stage.REPLY_LOST)

    # The therapist

    @rule(code=codes, hours=st.integers(1, 80), minute=st.sampled_from((0, 10, 35)))
    def notes_a_session(self, code: str, hours: int, minute: int) -> None:
        at = self._beginning(hours, minute)
        if at is not None and self.is_here(code):
            self.at_work(lambda: self._notes(code, at))

    async def _notes(self, code: str, at: datetime) -> None:
        line = at.astimezone(MADRID).strftime("%d/%m/%Y %H:%M")
        await self.practice.says(self.therapists[code], f"/sesion {code} {line} 50m")
        if not self.life.crosses(code, at, at + LENGTH):
            self.life.add(code, at, at + LENGTH, self.now)

    @rule(code=codes)
    def a_session_has_just_ended(self, code: str) -> None:
        now = self.now + BREATH
        around = [one for one in self.life.of(code) if one.takes_place and one.starts_at < now]
        if self.is_here(code) and all(one.ends_at < now - timedelta(hours=2) for one in around):
            self.at_work(lambda: self._just_ended(code))

    async def _just_ended(self, code: str) -> None:
        await self.practice.says(self.therapists[code], f"/sesion {code} ahora")
        ended_at = self.now.replace(microsecond=0)
        noted = self.witness.rows("SELECT ends_at FROM sessions WHERE id = :id", id=len(self.life.check_ins) + 1)
        if not self.life.crosses(code, ended_at - LENGTH, ended_at):
            ends_at = datetime.fromisoformat(noted[0]["ends_at"])
            assert ended_at <= ends_at <= self.now
            self.life.add(code, ends_at - LENGTH, ends_at, self.now)

    @rule(which=some, hours=st.integers(1, 80), minute=st.sampled_from((0, 10, 35)))
    @precondition(lambda self: self.life.check_ins)
    def moves_a_session(self, which: int, hours: int, minute: int) -> None:
        one, at = self._pick(which), self._beginning(hours, minute)
        if at is not None and self.is_here(one.patient.code):
            self.at_work(lambda: self._moves(one, at))

    async def _moves(self, one: CheckIn, at: datetime) -> None:
        local = at.astimezone(MADRID)
        data = encode(MoveHour(SessionId(one.id), whole=False, on=local.date(), at=local.time()))
        await self._tells(one, data, lambda one, now: self.life.move(one, at, now))

    @rule(which=some, missed=st.booleans())
    @precondition(lambda self: self.life.check_ins)
    def calls_a_session_off(self, which: int, *, missed: bool) -> None:
        one = self._pick(which)
        if self.is_here(one.patient.code):
            data = encode(CallOff(SessionId(one.id), missed))
            self.at_work(lambda: self._tells(one, data, self.life.call_off))

    @rule(which=some)
    @precondition(lambda self: any(not one.takes_place for one in self.life.check_ins))
    def lets_a_session_take_place_after_all(self, which: int) -> None:
        off = [one for one in self.life.check_ins if not one.takes_place]
        one = off[which % len(off)]
        if self.is_here(one.patient.code):
            data = encode(RestoreSession(SessionId(one.id)))
            self.at_work(lambda: self._tells(one, data, self.life.restore))

    async def _tells(self, one: CheckIn, data: str, reckon: Callable[[CheckIn, datetime], Any]) -> None:
        await self.practice.taps_data(self.therapists[one.patient.code], data)
        reckon(one, self.now)

    @rule(which=some, word=st.sampled_from((Seen, Talked, FalseAlarm)), mine=st.booleans())
    @precondition(lambda self: self.witness.rows("SELECT id FROM episodes"))
    def answers_an_alert(self, which: int, word: Any, *, mine: bool) -> None:
        """With `mine` the patient's own therapist does, else the other one tries."""
        sql = "SELECT episodes.id, code FROM episodes JOIN treatments ON treatments.id = treatment_id"
        found = self.witness.rows(f"{sql} JOIN patients ON patients.id = patient_id ORDER BY episodes.id")
        episode = found[which % len(found)]
        other = next(code for code in CODES if code != episode["code"])
        phone = self.therapists[episode["code"] if mine else other]
        before = self.witness.rows("SELECT * FROM episodes")
        answer = self.at_work(lambda: self.practice.taps_data(phone, encode(word(EpisodeId(episode["id"])))))
        if not mine:
            assert answer, "it is said that the button is not theirs"
            assert self.witness.rows("SELECT * FROM episodes") == before

    # The patient

    @rule()
    @precondition(lambda self: self.life.patients["P-02"].standing == "invited")
    def the_second_patient_accepts(self) -> None:
        self.act(lambda: self._accepts("P-02"))
        for one in self.life.of("P-02"):
            if one.state is State.PLANNED and one.due_at > self.now:
                one.due_at = model.out_of_quiet(one.ends_at + model.DELAY, MEXICO)

    @rule(code=codes, value=st.integers(0, 10))
    @precondition(lambda self: self._open("P-01", *FACES) or self._open("P-02", *FACES))
    def taps_a_score(self, code: str, value: int) -> None:
        one = self._open(code, *FACES)
        if one is not None:
            self._taps(one, lambda action: isinstance(action, ScoreTap) and action.value == value)

    @rule(scores=answers)
    @precondition(lambda self: self._open("P-01", "understood"))
    def answers_everything(self, scores: tuple[int, ...]) -> None:
        for score in scores:
            self.taps_a_score("P-01", score)
        self.skips_writing("P-01")

    @rule(scores=answers)
    @precondition(lambda self: self._would_be_asked("P-01"))
    def a_session_is_answered(self, scores: tuple[int, ...]) -> None:
        self.a_session_has_just_ended("P-01")
        self.time_passes("16 min")
        self.answers_everything(scores)

    @rule()
    @precondition(lambda self: self._would_be_asked("P-01"))
    def the_alliance_falls(self) -> None:
        """Answer well, and the next time badly, and let the verdicts come."""
        for scores in GOOD_THEN_BAD:
            if self._would_be_asked("P-01"):
                self.a_session_is_answered(scores)
                self.time_passes("16 min")
                self.time_passes("3 h")

    @rule(scores=answers, span=st.sampled_from(("a minute", "6 min", "16 min")))
    @precondition(lambda self: self._open("P-01", "summary"))
    def corrects_everything(self, scores: tuple[int, ...], span: str) -> None:
        """Correct what may have been judged already, or not."""
        self.corrects("P-01")
        self.time_passes(span)
        self.answers_everything(scores)

    def _would_be_asked(self, code: str) -> bool:
        soon = self.now + model.DELAY
        return self.life.patients[code].standing == "active" and not model.is_quiet(soon, MADRID)

    @rule(code=codes, kind=st.sampled_from((Back, Later, NotThisTime, NoSession)))
    @precondition(lambda self: self._open("P-01", *FACES) or self._open("P-02", *FACES))
    def taps_another_button(self, code: str, kind: type) -> None:
        one = self._open(code, *FACES)
        if one is not None and kind is not (Back if one.step == "understood" else NoSession):
            self._taps(one, lambda action: isinstance(action, kind))

    @rule(code=codes)
    @precondition(lambda self: self._open("P-01", *model.WRITING) or self._open("P-02", *model.WRITING))
    def skips_writing(self, code: str) -> None:
        while one := self._open(code, *model.WRITING):
            self._taps(one, lambda action: isinstance(action, Done))

    @rule(code=codes)
    @precondition(lambda self: self._open("P-01", "summary") or self._open("P-02", "summary"))
    def corrects(self, code: str) -> None:
        if one := self._open(code, "summary"):
            self._taps(one, lambda action: isinstance(action, Correct))

    @rule(code=codes)
    @precondition(lambda self: self._open("P-01", "later") or self._open("P-02", "later"))
    def answers_after_all(self, code: str) -> None:
        if one := self._open(code, "later"):
            self._taps(one, lambda action: isinstance(action, AnswerNow))

    @rule(which=some, twice=st.booleans())
    @precondition(lambda self: self.old)
    def taps_an_old_button(self, which: int, *, twice: bool) -> None:
        """Whatever was tapped once is tapped again, perhaps twice in a row."""
        code, data, message = self.old[-1 - which % len(self.old)]
        if self.is_here(code):
            self.act(lambda: self._taps_again(code, data, message, 2 if twice else 1))

    async def _taps_again(self, code: str, data: str, message: Message, times: int) -> None:
        for _ in range(times):
            await self.phones[code].tap_data(data, message)
        await self.practice.settle()
        for _ in range(times):
            self._reckon(decode(data))

    @rule(code=codes, text=st.sampled_from(("7", "3", "10", "11", "mejor que otras veces")))
    def types(self, code: str, text: str) -> None:
        if self.is_here(code) and self.life.patients[code].standing != "invited":
            self.act(lambda: self._types(code, text))

    async def _types(self, code: str, text: str) -> None:
        phone = self.phones[code]
        await self.practice.says(phone, text)
        if not self.life.writes(code, text, self.now):
            await self.practice.taps(phone, "Dejárselo")
            self.life.patients[code].words.append(text)

    @rule(code=codes, command=st.sampled_from(("pausa", "reanudar")))
    def pauses_or_resumes(self, code: str, command: str) -> None:
        patient, into = self.life.patients[code], {"pausa": "paused", "reanudar": "active"}[command]
        if patient.standing in ("active", "paused"):
            self.act(lambda: self.practice.says(self.phones[code], f"/{command}"))
            patient.standing = into

    @rule(code=codes)
    @precondition(lambda self: len(self.life.check_ins) >= MANY)
    def leaves(self, code: str) -> None:
        if self.life.patients[code].standing in ("active", "paused"):
            self.act(lambda: self._leaves(code))

    async def _leaves(self, code: str) -> None:
        await self.practice.says(self.phones[code], "/baja")
        await self.practice.taps(self.phones[code], "Sí, darme de baja")
        self.life.leaves(code, self.now)

    # What the rules share

    def _pick(self, which: int) -> CheckIn:
        """Return a session; the newest ones are picked most."""
        newest = self.life.check_ins[-4:]
        return newest[which % len(newest)]

    def _open(self, code: str, *faces: str) -> CheckIn | None:
        """Return the patient's open question if it shows one of these faces and still takes an answer."""
        shown = [(one, face) for one, face in self.life.faces() if one.patient.code == code]
        at = self.now + BREATH
        return next((one for one, face in shown if face in faces and one.is_open(at)), None)

    def _beginning(self, hours: int, minute: int) -> datetime | None:
        """Return a time some hours ahead; None where the clock shows it twice or never."""
        local = (self.now + timedelta(hours=hours)).astimezone(MADRID).replace(minute=minute, second=0, microsecond=0)
        at = local.replace(fold=0).astimezone(UTC)
        is_plain = local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()
        return at if is_plain and at > self.now + timedelta(minutes=1) else None

    def _button(self, one: CheckIn, is_meant: Callable[[Any], bool]) -> tuple[Message, str]:
        """Find a button of a question on the phone: it must be there."""
        phone = self.phones[one.patient.code]
        for message in reversed(phone.messages):
            for _, action in stage.buttons(message):
                if stage.about(message) == one.id and is_meant(action):
                    return message, encode(action)
        raise AssertionError(f"check-in {one.id}, {one.step}: the button is missing\n{phone.transcript()}")

    def _taps(self, one: CheckIn, is_meant: Callable[[Any], bool]) -> None:
        self.act(lambda: self._tapped(one, is_meant))

    async def _tapped(self, one: CheckIn, is_meant: Callable[[Any], bool]) -> None:
        if not one.is_open(self.now):
            return  # the breath was its last
        message, data = self._button(one, is_meant)
        await self.phones[one.patient.code].tap_data(data, message)
        await self.practice.settle()
        self.old.append((one.patient.code, data, message))
        self._reckon(decode(data))

    def _reckon(self, action: Any) -> None:
        """Let the model know what was tapped."""
        one, now, life = self.life.check_ins[action.check_in - 1], self.now, self.life
        match action:
            case ScoreTap():
                life.scores(one, str(action.step), action.value, now)
            case Back():
                life.goes_back(one, str(action.step), now)
            case Done():
                life.goes_on(one, str(action.step), now)
            case Later():
                life.puts_off(one, str(action.step), now)
            case AnswerNow():
                life.takes_up(one, now)
            case NotThisTime():
                life.ends(one, State.DECLINED, now)
            case NoSession():
                life.ends(one, State.NO_SESSION, now)
            case Correct():
                life.corrects(one, now)
                self.corrected.add(one.id)

    @invariant()
    def every_promise_holds(self) -> None:
        for promise in PROMISES:
            promise(self)
