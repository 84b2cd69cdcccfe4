"""Where processes are killed: each point has a name and stands here once.  Every test run dies at each of them.

`call:…` and `return:…` are functions of ours (`tests/commands.py` says how); the process kills itself there.
`arrived:METHOD:N` and `answered:METHOD:N` are calls of the Bot API: the process is killed when the N-th call has come
to Telegram, or once it was answered there.

A name says what has happened and what has not.
"""

from collections.abc import Mapping
from typing import Final

Points = Mapping[str, str]
"""Where each point of that name is."""

ANSWERING: Final[Points] = {
    "updates fetched, not kept": "call:InboxRows.keep:1",
    "updates kept, not committed": "return:InboxRows.keep:1",
    "updates committed, not confirmed": "call:Intake._press:1",
    "updates confirmed": "arrived:getupdates:2",
    "update taken up, not worked": "call:Intake._process:1",
    "answer saved, not committed": "return:InboxRows.finish:1",
    "answer committed, tap not answered": "call:TelegramMessenger.toast:1",
    "tap answered, message not edited": "answered:answercallbackquery:1",
    "message edited, not marked as shown": "answered:editmessagetext:1",
    "page worked, not settled": "call:Intake._settle:1",
    "check-in due, not asked": "call:Asking._advance:1",
    "check-in opened, not committed": "return:Asking._ask:1",
    "question written, not sent": "call:Delivery._send:row.notice.kind=question",
    "question on its way": "arrived:sendmessage:1",
    "question sent, not marked": "call:Delivery._sent:row.notice.kind=question",
    "question marked as sent, not committed": "return:OutboxRows.mark_sent:1",
    "check-in settled, not judged": "call:Alerts._judge:1",
}
"""While patients answer: these come by themselves, sooner or later (`test_kill.py`)."""

BROUGHT: Final[Points] = {
    "update brought, not kept": "call:InboxRows.keep:1",
    "update brought and kept, not committed": "return:InboxRows.keep:1",
    "update brought and committed, 200 not said": "return:Letterbox._keep:1",
}
"""While Telegram brings what patients answer to several processes (`test_clinic.py`)."""

DIGESTS_DUE: Final[Points] = {
    "one digest of several written": "call:Digests._write:2",
    "digests written, none sent": "call:Delivery._send:row.notice.kind=weekly_digest",
}
CHORES_DUE: Final[Points] = {
    "chores due, none begun": "call:Chores._work:1",
    "chore begun, none through": "call:Chores._work:2",
}
"""While others stand by to take over (`test_due_once.py`)."""

CRISIS: Final[Points] = {
    "crisis words committed, being confirmed": "arrived:getupdates:1",
    "crisis words fetched": "answered:getupdates:1",
    "help card on its way": "arrived:sendmessage:1",
    "help card sent": "answered:sendmessage:1",
    "crisis words kept, not committed": "return:ConcernRows.open:1",
    "therapist's crisis alert on its way": "arrived:sendmessage:2",
    "therapist's crisis alert answered": "answered:sendmessage:2",
    "crisis alert written, not sent": "call:Delivery._send:row.notice.kind=crisis_raised",
    "crisis alert sent, not marked": "call:Delivery._sent:row.notice.kind=crisis_raised",
}
"""While a patient writes that they want to die."""

ALERT: Final[Points] = {
    "alert written, not committed": "return:Alerts._push:1",
    "alert committed, not sent": "call:Delivery._send:row.notice.kind=alert_raised",
    "alert sent, not marked": "call:Delivery._sent:row.notice.kind=alert_raised",
}

DIGEST: Final[Points] = {
    "digest due, not written": "call:Digests._write:1",
    "digest written, not sent": "call:Delivery._send:row.notice.kind=weekly_digest",
    "digest sent, not marked": "call:Delivery._sent:row.notice.kind=weekly_digest",
}

REMINDER: Final[Points] = {
    "reminder due, not written": "call:Asking._write_again:1",
    "reminder written, not sent": "call:Delivery._send:row.notice.reminder=True",
    "reminder sent, not marked": "call:Delivery._sent:row.notice.reminder=True",
}

ESCALATION: Final[Points] = {
    "second contact due, not told": "call:Escalation._pass_on:1",
    "second contact's alert written, not sent": "call:Delivery._send:row.notice.kind=crisis_second",
    "second contact's alert sent, not marked": "call:Delivery._sent:row.notice.kind=crisis_second",
}

PARKING: Final[Points] = {
    "update failed, not parked": "call:InboxRows.failed:1",
    "update parked, not committed": "return:InboxRows.failed:1",
}

RETENTION: Final[Points] = {
    "retention due, nothing deleted": "call:RetentionRows.delete_spent:1",
    "retention deleted, not committed": "return:RetentionRows.delete_spent:1",
}

EMPTYING: Final[Points] = {"deleted, log not emptied": "call:Retention.checkpoint:1"}

STOPPING: Final[Points] = {
    "told to stop, still fetching": "call:Intake.stop:1",
    "stopped, database not closed": "call:Database.__aexit__:1",
}

STARTING: Final[Points] = {
    "database looked through, not opened": "return:prepare:1",
    "started, what was left is not taken up": "call:Intake.take_up:again=False",
}
"""Each needs a stage of its own, from ALERT to here (`test_rare_points.py`)."""

MIGRATION: Final[Points] = {
    "migration due, nothing copied": "call:_copy_aside:1",
    "copied aside, not migrated": "return:_copy_aside:1",
    "between two revisions": "return:upgrade:1",
    "migrated, foreign keys not looked at": "return:upgrade:4",
    "migration committed, no proof left": "call:_leave_proof:1",
}
"""From four revisions ago, with rows in every table."""

ROTATION: Final[Points] = {
    "new key made, not written": "call:save_keys:1",
    "new key beside the old ones": "return:write_private:1",
    "new key is safe": "return:save_keys:1",
    "first batch not resealed": "call:_write:1",
    "first batch resealed, not committed": "return:_write:1",
    "between batches": "call:_write:3",
    "later batch resealed": "return:_write:5",
    "between columns": "return:_column:4",
    "all resealed, log not folded in": "call:_fold_in:1",
    "all resealed": "return:reseal:1",
    "old key not dropped": "call:without_older:1",
    "old key dropped": "return:write_private:1",
}
"""Before and after the new key is safe, within and between batches, before the old one is dropped."""

BACKUP: Final[Points] = {
    "backup file made, nothing copied": "return:create:1",
    "copied, not sealed": "call:_seal:1",
    "sealed file made": "return:create:2",
    "backup not compared": "call:_compare:1",
    "backup compared, not renamed": "return:_compare:1",
}
"""Until it has its name, a backup is none."""

PRUNING: Final[Points] = {"backup renamed, older ones not deleted": "call:keep_newest:1"}

RESTORING: Final[Points] = {
    "file for unpacking made": "return:create:1",
    "unpacked, not looked at": "return:unpack:1",
    "unpacked, not migrated": "call:migrate:1",
    "unpacked, not resealed": "call:reseal:1",
    "unpacked, in part resealed": "return:_write:2",
    "ready, not swapped": "call:_exchange:1",
    "old database has its second name": "return:_second_name:1",
    "swapped, not settled": "call:settle:2",
    "swapped": "return:_exchange:1",
}

MOVING: Final[Points] = {
    "marked, no tables yet": "return:mark:1",
    "tables laid out, empty": "return:lay_out:1",
    "first table being copied": "call:_Filling.put:1",
    "half of the tables copied": "call:_Filling.put:table.name=check_ins",
    "all copied, not committed": "return:_filled:1",
    "committed, being compared": "call:_is_same:table.name=answers",
    "compared, mark not taken away": "call:unmark:1",
}
"""To a server and back (`test_moving_killed.py`); until the mark is gone, no bot starts on it."""

LEAVING: Final[Points] = {
    "leaving: the tap has come": "call:InboxRows.keep:1",
    "leaving: not on the list": "call:ErasureList.note:patient_id={patient}",
    "leaving: on the list": "return:ErasureList.note:patient_id={patient}",
    "leaving: stopped, not committed": "return:let_go:patient_id={patient}",
    "leaving: words not erased": "call:erase_patient:patient_id={patient}",
    "leaving: words erased, not committed": "return:erase_patient:patient_id={patient}",
    "leaving: account forgotten, not committed": "return:forget_person:person_id={person}",
}
"""One patient leaves; what Telegram sees of it is held there (`test_leaving_killed.py`)."""

WITH_STAGE: Final = (ALERT, DIGEST, REMINDER, ESCALATION, PARKING, RETENTION, EMPTYING, STOPPING, STARTING)
TABLES: Final = (
    ANSWERING,
    BROUGHT,
    DIGESTS_DUE,
    CHORES_DUE,
    CRISIS,
    *WITH_STAGE,
    MIGRATION,
    ROTATION,
    BACKUP,
    PRUNING,
    RESTORING,
    MOVING,
    LEAVING,
)

EVERY: Final[Points] = {name: where for points in TABLES for name, where in points.items()}
