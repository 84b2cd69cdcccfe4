"""When an alarm begins, is told again, and ends."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.alarms import (
    AGAIN_AFTER,
    Alarm,
    AlarmId,
    AlarmRow,
    Line,
    Sign,
    Vitals,
    is_low,
    signs,
    steps,
)

NOW = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=1)
WELL = Line()


def found(
    vitals: Vitals | None = None, line: Line = WELL, *, well_since: datetime = LONG_AGO, low: bool = False
) -> set[Alarm]:
    return set(signs(vitals or Vitals(), line, well_since, NOW, disk_low=low))


def row(alarm: Alarm, told_at: datetime = NOW) -> AlarmRow:
    return AlarmRow(AlarmId(1), alarm, LONG_AGO, told_at)


def test_when_all_is_well_there_is_none() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("silent", "refused", "alarm"),
    [
        (4 * MINUTE, False, None),
        (5 * MINUTE, False, Alarm.SILENT),
        (MINUTE / 2, True, None),
        (MINUTE, True, Alarm.REFUSED),
    ],
    ids=str,
)
def test_a_silent_line_is_waited_for_and_a_refusal_for_less(
    silent: timedelta, *, refused: bool, alarm: Alarm | None
) -> None:
    assert found(line=Line(NOW - silent, refused)) == ({alarm} if alarm else set())


@pytest.mark.parametrize(
    ("vitals", "alarm"),
    [
        (Vitals(unsent=2, unsent_at=NOW - 11 * MINUTE), Alarm.UNSENT),
        (Vitals(parked=1, parked_at=NOW), Alarm.PARKED),
        (Vitals(backup_failures=1), Alarm.BACKUP),
        (Vitals(chores_failing=1), Alarm.CHORE),
    ],
    ids=str,
)
def test_each_vital_has_its_alarm(vitals: Vitals, alarm: Alarm) -> None:
    assert found(vitals) == {alarm}


def test_what_waits_while_telegram_is_away_or_has_just_come_back_is_no_alarm_of_its_own() -> None:
    waiting = Vitals(unsent=2, unsent_at=LONG_AGO)

    assert found(waiting, Line(NOW - 9 * MINUTE)) == {Alarm.SILENT}
    assert found(waiting, Line(unknown=True)) == set()
    assert found(waiting, well_since=NOW - 9 * MINUTE) == set()
    assert found(waiting, well_since=NOW - 10 * MINUTE) == {Alarm.UNSENT}


def test_an_alarm_that_lasts_begins_no_second_time_and_is_told_again_after_a_day() -> None:
    lasting = {Alarm.DISK: Sign(NOW, 1)}

    assert not steps(lasting, [row(Alarm.DISK)], WELL, NOW)
    assert not steps(lasting, [row(Alarm.DISK, NOW - AGAIN_AFTER + MINUTE)], WELL, NOW)
    again = steps(lasting, [row(Alarm.DISK, NOW - AGAIN_AFTER)], WELL, NOW)
    assert (again.begins, again.again, again.ends) == ({}, {AlarmId(1): (Alarm.DISK, Sign(LONG_AGO, 1))}, [])


def test_what_is_no_longer_found_is_over() -> None:
    assert steps({}, [row(Alarm.BACKUP)], WELL, NOW).ends == [row(Alarm.BACKUP)]


@pytest.mark.parametrize("alarm", [Alarm.SILENT, Alarm.REFUSED, Alarm.UNSENT])
def test_nothing_about_telegram_ends_while_nobody_knows(alarm: Alarm) -> None:
    """After a start, or while the reason of the silence changes."""
    assert not steps({}, [row(alarm)], Line(unknown=True), NOW)
    assert not steps({}, [row(alarm)], Line(NOW), NOW)
    assert steps({}, [row(alarm)], WELL, NOW).ends


def test_a_refusal_is_not_told_as_a_silence_too() -> None:
    silent = {Alarm.SILENT: Sign(LONG_AGO)}

    assert not steps(silent, [row(Alarm.REFUSED)], Line(LONG_AGO), NOW)


def test_little_space_is_enough_again_only_with_a_tenth_more() -> None:
    assert is_low(99, 100, was_low=False)
    assert not is_low(100, 100, was_low=False)
    assert is_low(109, 100, was_low=True)
    assert not is_low(111, 100, was_low=True)
    assert not is_low(0, 0, was_low=False), "0: the disks are not looked at"
