"""The promises of DESIGN §4–§6 to patients and therapists, each with its name: looked at after every step of a life."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from bot.demo.phone import Phone
from bot.demo.state import Message
from tests.faults import life_model as model
from tests.faults import life_stage as stage
from tests.faults.life_model import Life, State

MADRID: Final = ZoneInfo("Europe/Madrid")
MEXICO: Final = ZoneInfo("America/Mexico_City")
CODES: Final = ("P-01", "P-02")
FACES: Final = {"understood": "1 de 3", "sense": "2 de 3", "pending": "3 de 3"}
UNASKED: Final = {"late": "unasked", "skipped": "unasked"}
ENDS: Final = (State.DONE, State.DECLINED, State.NO_SESSION, State.CLOSED)
HELD_FOR: Final = timedelta(hours=72)
"""For so long a therapist can take over the record of who has left."""

A_MOMENT: Final = timedelta(seconds=1)
ON_THEIR_WAY: Final = 2
"""So many messages may be on their way to a chat when the bot dies: what answers, and what nobody asked for."""

KNOWN: Final = (
    "SELECT message_id FROM sent_messages UNION SELECT message_id FROM outbox UNION SELECT message_id FROM check_ins"
)
"""Every message whose number the bot keeps."""

WRITTEN: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


class Promises:
    """What was seen, what the model expects, and every way to hold one against the other."""

    happened: ClassVar[Counter[str]]
    practice: stage.Mortal
    witness: stage.Witness
    therapists: dict[str, Phone]
    phones: dict[str, Phone]

    def __init__(self) -> None:
        super().__init__()
        self.life = Life([model.Patient("P-01", MADRID), model.Patient("P-02", MEXICO)])
        self.states: dict[int, State] = {}
        self.ended: dict[int, dict[str, int]] = {}
        self.pushed: list[tuple[int, datetime]] = []
        self.expected: list[model.Push] = []
        self.sent: list[model.Push] = []
        self.corrected: set[int] = set()
        self.uncalled: list[str] = []
        self.pushed_to_therapists: list[tuple[datetime, str]] = []
        self.repeats_allowed = 0
        self.died_at: list[datetime] = []
        self.known: set[int] = set()
        self.written: dict[str, set[str]] = {}

    @property
    def now(self) -> datetime:
        return self.practice.clock.now()

    def dies_now(self) -> None:
        """Note that the bot dies now: what is on its way is sent again."""
        self.repeats_allowed += 2
        self.died_at.append(self.now)

    def is_here(self, code: str) -> bool:
        """Say whether a patient has not left."""
        return self.life.patients[code].standing != "left"

    def every_question_stands_where_it_must(self) -> None:
        rows = self.witness.rows("SELECT id, state, step FROM check_ins ORDER BY id") if self.life.check_ins else []
        stands = [(row["id"], UNASKED.get(row["state"], row["state"])) for row in rows]
        wanted = [(one.id, one.state) for one in self.life.check_ins]
        assert stands == wanted, f"{stands}\n{wanted}"
        steps = {row["id"]: row["step"] for row in rows if row["state"] == "open"}
        assert steps == {one.id: one.step for one in self.life.check_ins if one.state is State.OPEN}

    def an_answer_is_stored_once_and_as_given(self) -> None:
        rows = self.witness.rows("SELECT check_in_id, item, score FROM answers")
        stored = {(row["check_in_id"], row["item"]): row["score"] for row in rows}
        given = {(one.id, item): value for one in self.life.check_ins for item, value in one.scores.items()}
        assert stored == given
        assert len(rows) == len(stored)

    def a_treatment_has_one_open_question_at_most(self) -> None:
        for code, phone in self.phones.items():
            assert sum(one.state is State.OPEN for one in self.life.of(code)) <= 1
            assert len(self._asking(phone)) <= 1, phone.transcript()

    def states_follow_lawfully(self) -> None:
        for row in self.witness.rows("SELECT id, state FROM check_ins"):
            state = State(UNASKED.get(row["state"], row["state"]))
            assert state in model.reachable(self.states.get(row["id"], State.PLANNED))
            self.states[row["id"]] = state

    def questions_come_when_they_are_due_and_only_then(self) -> None:
        wanted = [(push.check_in, push.at) for push in self.expected]
        assert set(self.pushed) == set(wanted), f"{self.pushed}\n{self.expected}"
        repeats = len(self.pushed) - len(wanted)
        assert 0 <= repeats <= self.repeats_allowed
        self.sent += self.expected
        self.pushed, self.expected, self.repeats_allowed = [], [], 0

    def nobody_is_written_to_unasked_for_another_reason(self) -> None:
        assert self.uncalled == []

    def nobody_is_asked_in_quiet_hours(self) -> None:
        for push in self.sent:
            assert not model.is_quiet(push.at, self.life.check_ins[push.check_in - 1].patient.zone)

    def nobody_is_asked_before_the_session_was_over_for_a_while(self) -> None:
        for row in self.witness.rows(
            "SELECT asked_at, ends_at FROM check_ins JOIN sessions ON sessions.id = session_id"
        ):
            if row["asked_at"] is not None:
                waited = datetime.fromisoformat(row["asked_at"]) - datetime.fromisoformat(row["ends_at"])
                assert waited >= model.DELAY

    def one_reminder_at_most(self) -> None:
        reminders = [push.check_in for push in self.sent if push.kind == "reminder" and self._stays(push.check_in)]
        sent = [int(key.split(":")[1]) for key in self._keys("remind:%", sent=True)]
        assert sorted(one for one in sent if self._stays(one)) == sorted(reminders)
        assert all(reminders.count(one) <= self.asked(one) for one in reminders)

    def _stays(self, number: int) -> bool:
        """Say whether what was sent about a check-in is still on record: it goes with whoever leaves."""
        return self.is_here(self.life.check_ins[number - 1].patient.code)

    def asked(self, number: int) -> int:
        """Count how often a session was asked about: again when it had been called off and took place after all."""
        return sum(push.check_in == number and push.kind == "question" for push in self.sent)

    def a_session_called_off_asks_nothing(self) -> None:
        off = {one.id for one in self.life.check_ins if not one.takes_place}
        for phone in self.phones.values():
            assert not self._asking(phone) & off

    def _asking(self, phone: Phone) -> set[int | None]:
        """Return the check-ins whose numbers stand on a phone, but for those that are about to be taken down.

        A copy that was on its way when the bot died has numbers for ever: the bot never knew of it.
        """
        late = self.witness.rows("SELECT id FROM check_ins WHERE lag_at > :now", now=f"{self.now:{WRITTEN}}")
        stand = stage.keyboards_of_scores(phone)
        copies = self._on_their_way(stand)
        return {stage.about(message) for message in stand if message not in copies} - {row["id"] for row in late}

    def _on_their_way(self, messages: Sequence[Message]) -> list[Message]:
        """Return those that arrived when the bot died, and whose number it never knew; they are few."""
        self.known |= {row["message_id"] for row in self.witness.rows(KNOWN)}
        deaths = Counter(self.died_at)
        unknown = [one for one in messages if one.message_id not in self.known and deaths[one.date]]
        assert all(count <= ON_THEIR_WAY * deaths[at] for at, count in Counter(one.date for one in unknown).items())
        return unknown

    def what_was_declined_is_neither_answered_nor_silent(self) -> None:
        sql = "SELECT check_in_id, family FROM alerts JOIN check_ins ON check_ins.id = check_in_id"
        for row in self.witness.rows(f"{sql} WHERE state IN ('declined', 'no_session') AND withdrawn_at IS NULL"):
            assert self.life.check_ins[row["check_in_id"] - 1].answered_at is not None
            assert row["family"] != "silence"

    def what_has_ended_takes_no_score(self) -> None:
        for one in self.life.check_ins:
            if one.state in ENDS:
                assert self.ended.setdefault(one.id, dict(one.scores)) == one.scores
        rows = self.witness.rows("SELECT check_in_id, item, score FROM answers")
        for number, scores in self.ended.items():
            assert {row["item"]: row["score"] for row in rows if row["check_in_id"] == number} == scores

    def words_are_kept(self) -> None:
        kept = self.witness.words()
        for code, patient in self.life.patients.items():
            mine = [words for whose, words in kept if whose == code]
            if patient.left_at is None:
                assert mine == patient.words
            elif self.now >= patient.left_at + HELD_FOR:
                assert mine == []

    def the_phone_shows_where_the_question_stands(self) -> None:
        shown = {row["id"]: row for row in self.witness.rows("SELECT id, shown, message_id FROM check_ins")}
        for one, face in self.life.faces():
            row = shown[one.id]
            assert row["shown"].removesuffix("+words") == face
            messages = {message.message_id: message for message in self.phones[one.patient.code].messages}
            assert FACES.get(face, "") in messages[row["message_id"]].text

    def each_drop_has_exactly_one_alert(self) -> None:
        for code in CODES:
            if not (self.is_here(code) and self.life.is_judged(code)):
                continue
            standing = self._alerts(code, "alerts.rule = 'drop' AND withdrawn_at IS NULL")
            assert sorted(standing) == sorted(self.life.drops(code))
            for number in standing:
                pushes = self._keys(f"alert:%:{number}:%")
                assert len(pushes) >= 1
                assert len(pushes) == 1 or number in self.corrected

    def what_a_correction_undoes_is_withdrawn_visibly(self) -> None:
        for code in CODES:
            for number in self._alerts(code, "alerts.rule = 'drop' AND withdrawn_at IS NOT NULL"):
                assert self._keys(f"withdrawn:{number}:%")

    def _keys(self, like: str, *, sent: bool = False) -> list[str]:
        """Return the keys of what was written; a row that was seen once is deleted when its time is over."""
        rows = self.witness.rows("SELECT key, sent_at FROM outbox WHERE key LIKE :like", like=like)
        seen = self.written.setdefault(like, set())
        seen.update(row["key"] for row in rows if row["sent_at"] or not sent)
        return sorted(seen)

    def _alerts(self, code: str, which: str) -> list[int]:
        sql = "SELECT check_in_id FROM alerts JOIN episodes ON episodes.id = episode_id JOIN treatments ON"
        whose = f"treatments.id = treatment_id JOIN patients ON patients.id = patient_id WHERE code = '{code}'"
        return [row["check_in_id"] for row in self.witness.rows(f"{sql} {whose} AND {which}")]

    def therapists_rest_too(self) -> None:
        hours = model.THERAPIST_QUIET_FROM, model.THERAPIST_QUIET_UNTIL
        assert [push for push in self.pushed_to_therapists if model.is_quiet(push[0], MADRID, *hours)] == []

    def whoever_has_left_is_left_alone(self) -> None:
        """Allow what was on its way when the bot died: it may have arrived with a number that the bot never knew."""
        for code, patient in self.life.patients.items():
            if patient.left_at is not None:
                phone = self.phones[code]
                messages = [message for message in phone.messages if message.from_bot]
                stays = [message for message in messages if message.text not in {phone.last().text, "·"}]
                assert self._on_their_way(stays) == stays, f"known and still there\n{phone.transcript()}"
                assert messages[-1].date <= patient.left_at + A_MOMENT

    def nothing_waits_that_should_have_left(self) -> None:
        now = f"{self.now:{WRITTEN}}"
        waiting = "SELECT key, due_at FROM outbox WHERE sent_at IS NULL AND gave_up_at IS NULL"
        assert self.witness.rows(f"{waiting} AND due_at <= :now", now=now) == []
        assert self.witness.rows("SELECT id, last_error FROM inbox WHERE done_at IS NULL") == []
        assert self.witness.rows("SELECT id, next_at FROM check_ins WHERE next_at <= :now", now=now) == []

    def therapists_see_their_own_patients_alone(self) -> None:
        for code, phone in self.therapists.items():
            other = next(one for one in CODES if one != code)
            assert not any(other in message.text for message in phone.messages)


PROMISES: Final = (
    Promises.every_question_stands_where_it_must,
    Promises.an_answer_is_stored_once_and_as_given,
    Promises.a_treatment_has_one_open_question_at_most,
    Promises.states_follow_lawfully,
    Promises.questions_come_when_they_are_due_and_only_then,
    Promises.nobody_is_written_to_unasked_for_another_reason,
    Promises.nobody_is_asked_in_quiet_hours,
    Promises.nobody_is_asked_before_the_session_was_over_for_a_while,
    Promises.one_reminder_at_most,
    Promises.a_session_called_off_asks_nothing,
    Promises.what_was_declined_is_neither_answered_nor_silent,
    Promises.what_has_ended_takes_no_score,
    Promises.words_are_kept,
    Promises.the_phone_shows_where_the_question_stands,
    Promises.each_drop_has_exactly_one_alert,
    Promises.what_a_correction_undoes_is_withdrawn_visibly,
    Promises.therapists_rest_too,
    Promises.whoever_has_left_is_left_alone,
    Promises.nothing_waits_that_should_have_left,
    Promises.therapists_see_their_own_patients_alone,
)
