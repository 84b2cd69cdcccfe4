### The words of the demonstration's page, in English.  What the bot says is in bot/texts/.
### Plain messages without selectors: what ends in -one is said when { $n } is one.

title = Microchequeo · try it here
skip = Go to the phones
banner = Demonstration, with its data in a temporary folder.
banner-more = It goes when the program is closed. Nothing leaves this computer.
language = Language
dark = Dark mode
close = Close
cancel = Cancel
understood = All right
gone = The connection to the demonstration is lost. If it still runs in the terminal, the page comes back by itself. If you started it again, the terminal says its address.
server-gone = The demonstration does not answer. See whether it still runs in the terminal.
server-refused = That could not be done.

## The phones

views = What is in view
view-patient = Patient
view-therapist = Therapist
view-stage = Stage
patient-phone = Patient's phone
therapist-phone = Therapist's phone
patients = Patients
therapists = Therapists
new-person = Add another phone
person-name = Person { $n }
phone-menu = Phone options
nobody-patient = When you tap the link of invitation that the therapist has, the patient's phone opens here.
nobody-therapist = The therapist's phone will be here as soon as the bot has started.
begin = Start
block = Block the bot
block-more = The bot can no longer write here
unblock = Unblock the bot
unblock-more = The bot can write again
unread = { $n } unread
chat-of = { $name }'s chat with the bot
log-hint = The arrows go from message to message.
new-messages = New messages
to-newest = Go to the newest
to-newest-unread = Go to the newest: { $n } unread messages
to-newest-unread-one = Go to the newest: one unread message
typing = The bot is typing

## The messages

from-bot = Bot:
from-person = Person:
edited = edited
message-menu = Message options
reply = Reply
edit = Edit
delete = Delete
quoted = In reply to: { $text }
about-reply = Reply to “{ $text }”
about-edit = Editing “{ $text }”
keyboard = Buttons
spoiler = Covered text. Tap to read it
picture = Picture
picture-gone = This picture is not here any more
picture-of-bot = Picture from the bot
enlarge = { $picture }. Enlarge
scan = Scan with a new phone
sticker = Sticker
voice-note = Voice message
write = Write a message
send = Send
commands = The bot's commands
attach = Send something else
attach-photo = A photo
attach-voice = A voice message
attach-sticker = A sticker
attach-document = A file

## The clock

clock = The practice's clock
jumps = Let time pass
jump-minutes = +15 min
jump-session = End of session
jump-question = The question
jump-morning = Tomorrow
jump-digest = The digest
playing = The story goes on
no-minutes = The story is still going on. Wait a moment.
no-session = No session is planned. The therapist plans one with /session.
no-morning = The story is still going on. Wait a moment.
no-digest = No digest is due yet.

## The stories

stories = Start from a story
story-stopped = The story stopped before it came to its end. You can go on from here or choose another.
stories-language = The practice speaks Spanish. Choose a story and it begins in English.
story-plays = A story is going on. Wait until it ends.
story-empty = An empty practice
story-empty-more = Everything is still to do.
story-vignette = A session that went too slowly
story-vignette-more = Three good sessions. The fourth is still to be answered.
story-slide = A slow slide
story-slide-more = Every week, a little less.
story-silent = Somebody stops answering
story-silent-more = Two sessions without an answer.

## The faults

faults = What if something fails?
slow_down = Telegram says slow down
slow_down-more = It answers “too many requests”. The bot waits as long as it is told, and goes on.
no_network = The network is gone
no_network-more = Nothing comes or goes. What has to leave waits in its row.
kill-more = The program is killed without a warning (SIGKILL). Started again, it goes on where it was.
lift = Lift it now · { $seconds } s
bot-running-do = Kill the bot
bot-starting-do = Starting…
bot-killed-do = Start the bot
trouble-killed = The bot is not running. What you tap or write waits for it.
trouble-starting = The bot is starting and reads what waited for it.
trouble-slow_down = Telegram says slow down. The bot waits.
trouble-no_network = There is no network. What you tap or write waits.
given = Numbers given
stored = Stored
waiting = Waiting
nothing-lost = Nothing was lost
on-its-way = On its way: it will arrive
no-answers = Here you will see that no answer is lost.

## Inside

inside = What happens inside
rules = The rule and its arithmetic
rules-none = No rule has fired.
due = What is due, and when
due-question = the question
due-check_in = reminder, end or reckoning
due-session = before the session
due-digest = the digest
due-urgent = urgent message
due-message = a message that leaves
due-chore = housekeeping
due-none = Nothing is due.
outbox = Outbox
outbox-none = Nothing has left yet.
tries = { $n } tries
state-waiting = waits
state-sent = sent
state-parked = parked
calls = Calls to Telegram's API
folder = Temporary folder

# What each message that leaves is about, its hurry, and what is done about the house

kind-question = the question
kind-enrolled = the welcome
kind-consented = what follows after accepting
kind-consent_declined = nothing will be asked
kind-consent_again = the text to accept has changed
kind-patient_decided = the patient has decided
kind-invitation_ready = the invitation
kind-invitation_refused = somebody tried a used link
kind-guardian_asked = a consent is needed
kind-session_noted = session noted
kind-series_noted = sessions noted
kind-no_session_claimed = says that there was no session
kind-session_ahead = before the session
kind-alert_raised = an alert
kind-alert_withdrawn = an alert that no longer holds
kind-episode_note = a note may be written
kind-episode_noted = note written, or none
kind-words_left = there is a message from the patient
kind-words_kept = message kept
kind-words_hidden = the words are covered again
kind-crisis_raised = urgent notice
kind-crisis_second = urgent notice to somebody else
kind-crisis_operator = nobody has had the notice
kind-crisis_seen = somebody has seen the notice
kind-crisis_note = the contact may be noted
kind-crisis_noted = contact noted, or nothing
kind-crisis_kept = kept, and being passed on
kind-crisis_delivered = the notice has arrived
kind-crisis_elsewhere = the notice has reached somebody else
kind-crisis_undelivered = the notice has reached nobody
kind-help_first = numbers for help
kind-abuse_told = a delicate message
kind-disclosed = a delicate message, to somebody else
kind-told_reached = the delicate message has arrived, or not
kind-patient_unreachable = messages do not reach the patient
kind-member_unreachable = messages do not reach somebody of the practice
kind-weekly_digest = the digest
kind-goodbye = the farewell
kind-chat_emptied = the chat is emptied
kind-patient_left = the patient has left
kind-own_data = all that is held about somebody
kind-patient_export = a patient's record
kind-deletion_ahead = something will soon be deleted
kind-record_asked = a line is asked for
kind-record_noted = line noted
kind-agreement_told = there is an agreement
kind-guess_asked = how may the session have been?
kind-guess_settled = her answer, beside the patient's
kind-pause_shown = a pause
kind-supervision_reading = the reading for supervision
kind-alarm_raised = something is not well
kind-alarm_over = all is well again
kind-unshown = there is something that cannot be shown
kind-unreadable = something that cannot be read
hurry-reply = at once
hurry-urgent = urgent
hurry-alert = soon
hurry-bulk = no hurry
chore-agenda = noting the sessions to come
chore-retention = deleting what has had its time
chore-checkpoint = emptying the database's journal
chore-supervision = the reading for supervision
chore-backup = the backup

## The tour

tour-open = Tour
tour-steps = Steps of the tour
tour-step = Step { $step } of { $of }
tour-done = Step { $step }, done
tour-skip = Skip
tour-close = Close the tour
tour-wait = One moment: the story goes on by itself.
tour-go = Take me there
tour-1 = Accept, as the patient
tour-1-invite = First the therapist invites: write /new P-07 on her phone and send it.
tour-1-text = Write it
tour-1-link = Tap the link (or the QR code) that the therapist has: it opens on the patient's phone.
tour-1-accept = On the patient's phone, read what this is about and tap “I accept”.
tour-2 = Let the session end
tour-2-plan = First the therapist plans it on her phone.
tour-2-text = Write /session
tour-2-jump = Above, tap “End of session”.
tour-2-quarter = The session is over. The question comes a quarter of an hour later: above, tap “+15 min”.
tour-3 = Answer with three taps
tour-3-tap = On the patient's phone, tap a number for each question. { $left } to go.
tour-4 = See the fall, as the therapist
tour-4-story = A fall shows when two sessions are compared. This story brings the ones before:
tour-4-perhaps = If the last session was lower, tap “+15 min” and the alert comes by itself. If it was not, this story brings a fall:
tour-4-session = When the patient has finished (“Done”), tap “+15 min”: the alert comes by itself.
tour-4-low = As the patient, answer with low numbers: 6, 5 and 8. Then tap “Done”.
tour-4-see = On the therapist's phone, tap “See” under the alert.
tour-5 = Kill the bot, answer, start it again
tour-5-kill = Under “What if something fails?”, tap “Kill the bot”.
tour-5-answer = Now tap a button or write something on a phone. Nobody answers, yet.
tour-5-restart = Tap “Start the bot” and watch: what you did arrives and is answered.
tour-over = That is all
tour-end = The rest is at hand: other stories, other faults, and what happens inside.

## What the demonstration cannot do

error-unknown = That cannot be done here.
error-playing = The story is still moving on. One moment, please.
error-nobody = That phone is not here any more.
error-gone = That message is not here any more.
error-blocked = The bot is blocked on this phone. Unblock it first.
error-blank = Write something before you send it.
error-not-yours = You can only correct what was written on this phone.
error-full = There is no room for another phone. Choose a story to begin again.
error-link = That link does not belong to this bot.
error-no-session = No session is planned. The therapist plans one with /session.
error-no-digest = No digest is due yet.
error-killed = The bot is not running. Start it first.
error-running = The bot is running already.

step-start = The bot is starting
step-arrive = Everybody arrives
step-week = Week { $n }
error-too-far = Telegram keeps for a day what the bot has not fetched. Start it, or give the network back, before you jump so far.
