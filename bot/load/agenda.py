"""When the sessions of one bot's patients are, by chance, and what falls due by them, by the rules of the practice."""

from array import array
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain import timing
from bot.load.habits import LENGTH, Slot, slots
from bot.load.network import BEGINS, Network, Rules

DAYS: Final = 7
SLOTS, _SUMS = slots()


@dataclass(frozen=True, slots=True)
class Session:
    """What a session brings with it: seconds since `BEGINS`, and when the next may begin."""

    noted_at: float
    begins_at: float
    due_at: float


@dataclass(slots=True)
class Instant:
    """What falls due at one instant: questions to patients whose next session begins then, notes, digests."""

    asked: "array[int]" = field(default_factory=lambda: array("L"))
    next_at: "array[float]" = field(default_factory=lambda: array("d"))
    noted: "array[int]" = field(default_factory=lambda: array("L"))
    digests: "array[int]" = field(default_factory=lambda: array("L"))


def since(instant: datetime) -> float:
    """Return the seconds since `BEGINS`."""
    return (instant - BEGINS).total_seconds()


def zone_of(network: Network, therapist: int) -> ZoneInfo:
    """Return where a therapist and their patients live."""
    return network.zones[therapist % len(network.zones)]


def drawn(network: Network, rules: Rules, patients: int, random: Random) -> list[tuple[float, Instant]]:
    """Return all that falls due at a bot with so many patients, in order."""
    found: defaultdict[float, Instant] = defaultdict(Instant)
    each = network.habits.of_one_therapist
    for patient in range(patients):
        zone = zone_of(network, patient // each)
        mine = [_session(rules, zone, *place) for place in sorted(_places(network, random))]
        for number, session in enumerate(mine):
            follows = mine[number + 1].begins_at if number + 1 < len(mine) else session.begins_at + _WEEK
            found[session.noted_at].noted.append(patient // each)
            instant = found[session.due_at]
            instant.asked.append(patient)
            instant.next_at.append(follows)
    for therapist in range(-(-patients // each)):
        for at in _digests(network, rules, zone_of(network, therapist)):
            found[at].digests.append(therapist)
    return sorted(found.items(), key=lambda one: one[0])


_WEEK: Final = timing.WEEK.total_seconds()


def _places(network: Network, random: Random) -> Iterator[tuple[int, int]]:
    """Draw the weeks and slots of a patient's sessions: as many in each week, on whatever day."""
    whole, part = divmod(network.habits.sessions, 1)
    for week in range(-(-network.days // DAYS)):
        wanted = int(whole) + (random.random() < part)
        taken: set[int] = set()
        while len(taken) < wanted:
            taken.add(bisect(_SUMS, random.random() * _SUMS[-1]))
        yield from ((week, slot) for slot in taken if week * DAYS + SLOTS[slot].weekday < network.days)


@cache
def _session(rules: Rules, zone: ZoneInfo, week: int, number: int) -> Session:
    slot: Slot = SLOTS[number]
    day = (BEGINS + timedelta(days=1 + week * DAYS + slot.weekday)).date()
    begins_at = timing.to_utc(datetime.combine(day, time(0)) + slot.begins, zone)
    due_at = timing.due(begins_at + LENGTH, rules.times, zone)
    return Session(since(begins_at - rules.note_before), since(begins_at), since(due_at))


def _digests(network: Network, rules: Rules, zone: ZoneInfo) -> Iterator[float]:
    """Return when the digests of the days that are looked at leave."""
    ends = since(BEGINS) + (1 + network.days) * timedelta(days=1).total_seconds()
    at = timing.next_weekly(BEGINS + timedelta(days=1), *rules.digest, zone)
    while since(at) < ends:
        yield since(at)
        at = timing.next_weekly(at, *rules.digest, zone)
