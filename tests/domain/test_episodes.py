"""What becomes of a concern: the table in the documents is the one in the code, and a check-in is judged as it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alliance import Entry, Finding, Outcome, Rule, Rules
from bot.domain.episodes import (
    FAMILIES,
    LIVE_EPISODE,
    TRANSITIONS,
    Episode,
    EpisodeState,
    Event,
    Family,
    Raised,
    after,
    raised_by,
)
from bot.domain.model import CheckInId, EpisodeId, Item, Points, Score, TherapistId, TreatmentId
from bot.domain.verdicts import judge, recalled, unfounded

TUESDAY = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
DOCUMENT = Path(__file__).parents[2] / "docs" / "episodes.md"
Told = tuple[int, ...] | str | None
"""A week: (understood, sense), (understood,) alone, None for no answer, "-" for passed over."""


def entry(week: int, told: Told) -> Entry:
    check_in_id, at = CheckInId(week + 1), TUESDAY + week * timedelta(days=7)
    if not isinstance(told, tuple):
        return Entry(check_in_id, at, Outcome.UNANSWERED if told is None else Outcome.PASSED)
    scores = {item: Score(value) for item, value in zip(Item, told, strict=False)}
    return Entry(check_in_id, at, Outcome.PARTLY if len(told) == 1 else Outcome.ANSWERED, scores)


@dataclass
class Treatment:
    """A treatment that is followed week after week, as the rows would have it."""

    rules: Rules = field(default_factory=Rules)
    course: list[Entry] = field(default_factory=list)
    episodes: dict[EpisodeId, Episode] = field(default_factory=dict)
    raised: dict[CheckInId, dict[Family, EpisodeId]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    @property
    def live(self) -> Mapping[Family, Episode]:
        return {one.family: one for one in self.episodes.values() if one.live}

    @property
    def states(self) -> list[str]:
        return [f"{one.rule} {one.state}" for one in self.episodes.values()]

    def weeks(self, *told: Told) -> "Treatment":
        for each in told:
            self.course.append(entry(len(self.course), each))
            self.look(self.course[-1].check_in_id)
        return self

    def corrected(self, week: int, told: Told) -> "Treatment":
        self.course[week] = entry(week, told)
        self.look(self.course[week].check_in_id)
        return self

    def says(self, event: Event, family: Family = Family.FALL) -> "Treatment":
        self._move(self.live[family], event)
        return self

    def look(self, check_in_id: CheckInId) -> None:
        for which, family in unfounded(self.course, check_in_id, self.live, self.raised, self.rules):
            number = self.raised[which].pop(family)
            standing = [week for week, families in self.raised.items() if families.get(family) == number]
            self._move(self.episodes[number], Event.FALL_WITHDRAWN if standing else Event.WITHDRAWN)
            if standing:
                self.episodes[number] = replace(self.episodes[number], current_id=standing[-1])
            self.told.append("withdrawn")
        live, verdict = self.live, judge(self.course, check_in_id, self.live, self.raised, self.rules)
        for family, event in verdict.events.items():
            self._move(live[family], event)
        for finding in verdict.opened:
            self._open(finding)
        for finding in (*verdict.deepened, *verdict.restated):
            self._restate(live[FAMILIES[finding.rule]].id, finding)
        for finding in verdict.deepened:
            self._move(live[FAMILIES[finding.rule]], Event.FELL_AGAIN)
            self.told.append(f"{finding.rule} again")

    def _open(self, finding: Finding) -> None:
        number, family = EpisodeId(len(self.episodes) + 1), FAMILIES[finding.rule]
        raised, level = raised_by(finding), None if finding.level is None else Points(-(-finding.level // 1))
        whose = (TreatmentId(1), TherapistId(1), "P-07", finding.rule, family, EpisodeState.OPEN)
        self.episodes[number] = Episode(number, *whose, raised.previous_id, raised.current_id, level, TUESDAY)
        self.raised.setdefault(raised.current_id, {})[family] = number
        self.told.append(str(finding.rule))

    def _restate(self, number: EpisodeId, finding: Finding) -> None:
        current = finding.current.check_in_id
        self.episodes[number] = replace(self.episodes[number], rule=finding.rule, current_id=current)
        self.raised.setdefault(current, {})[FAMILIES[finding.rule]] = number

    def _move(self, episode: Episode, event: Event) -> None:
        now = self.episodes[episode.id]
        self.episodes[episode.id] = replace(now, state=after(now.state, event))


def documented() -> dict[tuple[str, str], str]:
    """Read the table of the document, as (state, event) → state."""
    lines = [line.strip("| ").split(" | ") for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    first = next(place for place, cells in enumerate(lines) if cells[0] == "event")
    head, *rows = [cells for cells in lines[first:] if len(cells) == len(lines[first])]
    return {(state, cells[0]): to for cells in rows for state, to in zip(head[1:], cells[1:], strict=True)}


def test_the_table_of_the_document_is_the_one_of_the_code() -> None:
    assert documented() == {(str(state), str(event)): str(to) for (state, event), to in TRANSITIONS.items()}


def test_every_event_leads_somewhere_from_every_state() -> None:
    assert TRANSITIONS.keys() == {(state, event) for state in EpisodeState for event in Event}


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", sorted(set(EpisodeState) - set(LIVE_EPISODE)))
def test_what_is_closed_stays_as_it_is(state: EpisodeState, event: Event) -> None:
    assert after(state, event) is state


HIGH = ((9, 9), (9, 9), (9, 9))


@pytest.mark.parametrize(
    ("told", "states", "_why"),
    [
        ([(9, 9), (7, 7)], ["drop open"], "a fall opens one"),
        ([(9, 9), (9, 6)], ["item_drop open"], "so does one item"),
        ([(9, 9), (6,)], ["item_drop open"], "half an answer, too"),
        ([(9, 9), (6, 6), (3, 3)], ["drop open"], "a further fall is inside it"),
        ([(9, 9), (9, 6), (6, 4)], ["drop open"], "a drop after an item is in the same family"),
        ([(9, 9), (7, 7), (9, 8)], ["drop repaired"], "half a point below is back"),
        ([(9, 9), (7, 7), (8, 8)], ["drop open"], "a whole one is not"),
        ([(9, 9), (7, 7), (8, 8), (8, 8)], ["drop unrepaired"], "two answered sessions later it is unrepaired"),
        ([(9, 9), (7, 7), "-", (8, 8)], ["drop open"], "what was passed over is not one of them"),
        ([(9, 9), (7, 7), (8,), (8, 8)], ["drop open"], "nor is half an answer"),
        ([(9, 9), (6,), (8, 8), (8, 8)], ["item_drop unrepaired"], "half an answer can be followed by two whole ones"),
        ([(9, 9), (7, 7), (9, 9), (6, 6)], ["drop repaired", "drop open"], "what is closed is not opened again"),
        ([(7, 9), (10, 6), (10, 6)], ["item_drop open"], "an item that stays low is not back, whatever the other"),
        ([(7, 9), (10, 6), (10, 6), (10, 6)], ["item_drop unrepaired"], "and two sessions later it is unrepaired"),
        (
            [(7, 9), (10, 6), (10, 7)],
            ["item_drop repaired"],
            "less than the rule's fall below where it was, it is back",
        ),
        ([*HIGH, (7, 7)], ["drop open"], "a fall that is also far below the beginning is told once"),
        ([*HIGH, (8, 8), (7, 7)], ["slide open"], "a slow decline"),
        ([*HIGH, (8, 8), (7, 7), (7, 7)], ["slide open"], "is told once"),
        ([*HIGH, (8, 8), (7, 7), (9, 8)], ["slide repaired"], "back near the median"),
        ([*HIGH, (8, 8), (7, 7), (7, 7), (7, 7), (7, 7)], ["slide unrepaired"], "staying there is not a new one"),
        ([*HIGH, (8, 8), (7, 7), (9, 9), (8, 8), (7, 7)], ["slide repaired", "slide open"], "going down anew is"),
        ([*HIGH, (8, 8), (7, 7), (4, 4)], ["slide open", "drop open"], "a fall on the way is a concern of its own"),
        ([*HIGH, (6, 6), (7, 7), (7, 7), (7, 7)], ["drop unrepaired"], "what followed a fall is no slide besides"),
        ([(9, 9), None, None], ["silence open"], "silence"),
        ([(9, 9), None, None, None], ["silence open"], "goes on"),
        ([(9, 9), None, None, (9, 9)], ["silence repaired"], "ends with an answer"),
        ([(9, 9), None, None, (9,)], ["silence repaired"], "or half of one"),
        ([(9, 9), None, None, (9, 9), None, None], ["silence repaired", "silence open"], "and may come back"),
        ([(9, 9), (6, 6), None], ["drop open", "silence open"], "right after a drop it is told beside it"),
    ],
)
def test_what_weeks_make_of_it(told: list[Told], states: list[str], _why: str) -> None:
    assert Treatment().weeks(*told).states == states


def test_a_talk_keeps_it_from_being_called_unrepaired() -> None:
    treatment = Treatment().weeks((9, 9), (7, 7)).says(Event.TALKED).weeks((7, 7), (7, 7), (7, 7))

    assert treatment.states == ["drop talked"]
    assert treatment.weeks((9, 9)).states == ["drop repaired"]


def test_a_further_fall_is_told_again_and_wants_to_be_seen_again() -> None:
    treatment = Treatment().weeks((9, 9), (7, 7)).says(Event.SEEN).weeks((5, 5))

    assert treatment.told == ["drop", "drop again"]
    assert treatment.states == ["drop open"]


@pytest.mark.parametrize("family", Family)
def test_what_was_not_that_is_not_told_again_while_it_goes_on(family: Family) -> None:
    began: dict[Family, list[Told]] = {
        Family.FALL: [(9, 9), (7, 7)],
        Family.SLIDE: [*HIGH, (8, 8), (7, 7)],
        Family.SILENCE: [(9, 9), None, None],
    }
    goes_on: Told = None if family is Family.SILENCE else (7, 7)
    treatment = Treatment().weeks(*began[family]).says(Event.NOT_THAT, family).weeks(goes_on, goes_on)

    assert [one.state for one in treatment.episodes.values()] == [EpisodeState.FALSE_ALARM]


def test_a_correction_withdraws_it_and_a_correction_back_raises_it_anew() -> None:
    treatment = Treatment().weeks((9, 9), (7, 7)).corrected(1, (9, 9))
    assert (treatment.states, treatment.told) == (["drop withdrawn"], ["drop", "withdrawn"])

    assert treatment.corrected(1, (6, 6)).states == ["drop withdrawn", "drop open"]


def test_a_correction_of_the_newest_of_two_falls_leaves_the_one_before() -> None:
    treatment = Treatment().weeks((9, 9), (6, 6), (3, 3)).corrected(2, (6, 6))

    assert treatment.states == ["drop open"]
    assert treatment.live[Family.FALL].current_id == 2


def test_a_correction_of_the_newest_fall_may_repair_the_one_before() -> None:
    assert Treatment().weeks((9, 9), (6, 6), (3, 3)).corrected(2, (9, 9)).states == ["drop repaired"]


def test_a_session_found_to_be_cut_takes_back_what_was_compared_with_it() -> None:
    treatment = Treatment().weeks((7, 7), (9, 9), (7, 7)).corrected(1, "-")

    assert (treatment.states, treatment.told) == (["drop withdrawn"], ["drop", "withdrawn"])


def test_one_item_that_turns_out_to_be_a_fall_is_told_as_one() -> None:
    treatment = Treatment().weeks((9, 9), (9, 6)).corrected(1, (7, 6))

    assert (treatment.states, treatment.told) == (["drop open"], ["item_drop", "drop again"])


def test_a_fall_that_turns_out_to_be_of_one_item_is_called_so_without_a_word() -> None:
    treatment = Treatment().weeks((9, 9), (7, 6)).corrected(1, (9, 6))

    assert (treatment.states, treatment.told) == (["item_drop open"], ["drop"])


@pytest.mark.parametrize("rule", FAMILIES)
def test_a_rule_that_is_off_raises_nothing(rule: Rule) -> None:
    off = Rules(on=frozenset(Rule) - {rule})
    told: list[Told] = [*HIGH, (9, 6), (8, 8), (7, 7), (4, 4), None, None]

    assert rule not in {one.rule for one in Treatment(off).weeks(*told).episodes.values()}


def test_what_a_rule_raised_before_it_was_switched_off_is_still_closed_and_not_withdrawn() -> None:
    treatment = Treatment().weeks((9, 9), (7, 7))
    treatment.rules = Rules(on=frozenset())

    assert treatment.corrected(1, (6, 7)).states == ["drop open"]
    assert treatment.weeks((9, 9)).states == ["drop repaired"]


TOLD: st.SearchStrategy[Told] = st.one_of(
    st.tuples(st.integers(0, 10), st.integers(0, 10)),
    st.tuples(st.integers(4, 10), st.integers(4, 10)),
    st.tuples(st.integers(0, 10)),
    st.none(),
    st.just("-"),
)


@given(st.lists(TOLD, max_size=12))
def test_looked_at_again_nothing_changes(told: list[Told]) -> None:
    treatment = Treatment().weeks(*told)
    states, said = treatment.states, list(treatment.told)

    for each in [*treatment.course[-1:], *treatment.course[-1:]]:
        treatment.look(each.check_in_id)

    assert (treatment.states, treatment.told) == (states, said)


@given(st.lists(TOLD, max_size=12))
def test_there_is_never_more_than_one_live_episode_of_a_family(told: list[Told]) -> None:
    treatment = Treatment()
    for each in told:
        treatment.weeks(each)
        families = [one.family for one in treatment.episodes.values() if one.live]
        assert len(families) == len(set(families))


@given(st.lists(TOLD, min_size=1, max_size=10))
def test_what_raised_an_alert_can_be_told_again_as_it_was(told: list[Told]) -> None:
    treatment = Treatment().weeks(*told)

    for episode in treatment.episodes.values():
        finding = _again(treatment.course, episode)
        assert finding is not None
        assert (finding.rule, finding.current.check_in_id) == (episode.rule, episode.current_id)


def test_with_another_threshold_it_is_told_as_it_was_noted() -> None:
    treatment = Treatment().weeks((9, 9), (7, 7))
    (episode,) = treatment.episodes.values()
    noted = _again(treatment.course, episode)
    assert noted is not None

    assert recalled(treatment.course, raised_by(noted), noted.level, Rules(drop=Points(6))) == noted


def test_what_is_no_longer_there_is_not_told() -> None:
    treatment = Treatment().weeks((9, 9), (7, 7))
    (episode,) = treatment.episodes.values()

    assert _again(treatment.course[:1], episode) is None


def _again(course: Sequence[Entry], episode: Episode) -> Finding | None:
    return recalled(course, Raised(episode.rule, episode.previous_id, episode.current_id), None, Rules())
