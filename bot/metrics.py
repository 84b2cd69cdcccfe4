"""Figures for Prometheus: what was counted since the start, and, at each look, what the rows say.

Sums only: no label ever names a person, a code or a row.  docs/alarms.md lists them all.
"""

from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from bot.domain.alarms import Alarm
from bot.domain.model import Urgency
from bot.services.ports_metrics import Outcome

disable_created_metrics()  # type: ignore[no-untyped-call]  # else each series has one that says when it began

WAITS: Final = (0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0, 3600.0, 86400.0)
"""Seconds: a second is the goal of a due question, ten minutes the patience with an alert."""


class Metrics:
    """Implements `bot.services.ports_metrics.Recorder`; its gauges are set by whoever looks (`bot.health`).

    What a process knows of itself is in one registry, in another what one process tells for all: the rows.
    """

    def __init__(self) -> None:
        self._mine, self._of_all = CollectorRegistry(), CollectorRegistry()
        counted, gauge = self._counter, self._gauge
        self._answers = counted("answers", "Scores kept; a corrected one counts again.")
        self._sends = counted("sends", "Calls to chats.", "urgency", "outcome")
        self._limited = counted("limited", "Answers «too many requests».")
        self._notice_waits = self._histogram("notice_wait_seconds", "How late a message left.", "urgency")
        self._update_waits = self._histogram("update_wait_seconds", "From an update's arrival to its answer.")
        self.up = self._gauge_of(self._mine, "up", "Whether a part is well.", "part")
        self.owner = self._gauge_of(self._mine, "owner", "Whether this process has the schedule, or stands by.")
        self.poll_age = self._gauge_of(self._mine, "poll_age_seconds", "Since updates, or none, last came in.")
        self.waiting = gauge("waiting", "Updates and messages that wait or were put aside.", "box")
        self.queued = gauge("outbox_waiting", "Messages that wait, by class.", "urgency")
        self.oldest = gauge("oldest_seconds", "Age of what waits longest: 0 is nothing.", "what")
        self.episodes = gauge("open_episodes", "Concerns about an alliance that are open.")
        self.concerns = gauge("open_concerns", "Urgent words whose patient nobody has contacted yet.")
        self.failing_chores = gauge("failing_chores", "Chores whose last try failed.")
        self.wrong_links = gauge("wrong_links", "Wrong links within the hour, up to the limit.")
        self.tick_age = gauge("tick_age_seconds", "Since the scheduler looked last.")
        self.tick_lag = gauge("tick_lag_seconds", "How long the longest due row is due.")
        self.alarms = gauge("alarm", "Whether an alarm lasts.", "alarm")
        self.free = gauge("disk_free_bytes", "Free space.", "folder")
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """Let every series be there from the start: a rate over one that appears misses its first event."""
        for urgency in Urgency:
            self._notice_waits.labels(_name(urgency))
            for outcome in Outcome:
                self._sends.labels(_name(urgency), outcome)

    def text(self, *, of_all: bool = True) -> bytes:
        """Write in Prometheus' text format what this process counts and is, and what one tells for all if `of_all`."""
        mine = generate_latest(self._mine)
        return mine + generate_latest(self._of_all) if of_all else mine

    # What happens

    def answer_kept(self) -> None:
        """Count a score."""
        self._answers.inc()

    def called(self, urgency: Urgency, outcome: Outcome) -> None:
        """Count a call."""
        self._sends.labels(_name(urgency), outcome).inc()

    def limited(self) -> None:
        """Count a 429."""
        self._limited.inc()

    def notice_left(self, urgency: Urgency, waited: timedelta) -> None:
        """Observe how late it was; a clock that went back is no wait."""
        self._notice_waits.labels(_name(urgency)).observe(max(0.0, waited.total_seconds()))

    def update_worked(self, waited: timedelta) -> None:
        """Observe how long it took."""
        self._update_waits.observe(max(0.0, waited.total_seconds()))

    # What a look finds

    def set_waiting(self, boxes: dict[str, int], classes: dict[Urgency, int]) -> None:
        """Set how much waits."""
        for box, count in boxes.items():
            self.waiting.labels(box).set(count)
        for urgency, count in classes.items():
            self.queued.labels(_name(urgency)).set(count)

    def set_alarms(self, lasting: set[Alarm]) -> None:
        """Set which alarms last."""
        for alarm in Alarm:
            self.alarms.labels(alarm).set(alarm in lasting)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"microchequeo_{name}", says, labels, registry=self._mine)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return self._gauge_of(self._of_all, name, says, *labels)

    @staticmethod
    def _gauge_of(registry: CollectorRegistry, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"microchequeo_{name}", says, labels, registry=registry)

    def _histogram(self, name: str, says: str, *labels: str) -> Histogram:
        return Histogram(f"microchequeo_{name}", says, labels, buckets=WAITS, registry=self._mine)


def _name(urgency: Urgency) -> str:
    return urgency.name.lower()
