### Everything the bot says, in English.  Same keys and variables as es.ftl, which comes first.
### English has no register and no gender here, so $register, $form and $region are not used.

## Names, dates and numbers

called = { $name }
called-start = { $name }
called-de = { $name }
called-a = { $name }
called-con = { $name }

day = { $day }
day-and-time = { $day } at { $time }
full-day = { $day } { $month }
full-day-and-time = { $day } { $month } at { $time }
today-at = today at { $time }
tomorrow-at = tomorrow at { $time }
week-in-month = { $first_day }–{ $last_day } { $last_month }
week-across-months = { $first_day } { $first_month } – { $last_day } { $last_month }
month = { $month } { $year }
days = { $days ->
    [one] { $days } day
   *[other] { $days } days
 }
minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
 }
hours = { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
 }
zone-of = { $city } time

## The check-in

check-in-header-today = Today’s session with { $therapist } · { $place } of { $places }
check-in-header = { $day }, session with { $therapist } · { $place } of { $places }
check-in-header-today-at = Today’s session at { $time } with { $therapist } · { $place } of { $places }
check-in-header-at = { $day }, session at { $time } with { $therapist } · { $place } of { $places }

question-understood = Did you feel understood today?
question-understood-dated = Did you feel understood?
question-sense = Did what we did make sense?
question-pending = Was anything left unfinished?
question-taken-up = Last time with { $con }, something was left unfinished. Was it taken up today?
question-taken-up-dated = The time before with { $con }, something was left unfinished. Was it taken up in this session?
pending-was-number = Only the number is left: { $score }, from 0 to 10.
anchors-understood = 0 = not at all · 10 = completely
anchors-sense = 0 = not at all · 10 = completely
anchors-pending = 0 = nothing · 10 = a lot

reminder-today = The question about today’s session is still here, if you would like to answer. If not, that is fine.
reminder-dated = The question about { $weekday }’s session is still here, if you would like to answer. If not, that is fine.
reminder-today-at = The question about today’s session at { $time } is still here, if you would like to answer. If not, that is fine.
reminder-dated-at = The question about { $weekday }’s session at { $time } is still here, if you would like to answer. If not, that is fine.
kept-with-question = Kept, for { $therapist } to read. The question is still here, if you would like to answer.

not-live = Nobody is reading here live. If you need help now: /help
pending-words = What was left unfinished? If you like, say it in your own words. { $Therapist } will read it, not right now.
reflection-after-pending = Thank you. If you would like to add anything, what helped or what was too much, say it in your own words. { $Therapist } will read it, not right now.
reflection = Thank you. If you like, say it in your own words: what helped, what was too much, what was left unfinished. { $Therapist } will read it, not right now.

noted = Noted. { $Therapist } can see it before the next session.
noted-with-words = Noted, with your comment. { $Therapist } can read it before the next session.
label-understood = Understood: { $score }
label-sense = Made sense: { $score }
label-pending = Left unfinished: { $score }
label-taken-up-yes = What was unfinished was taken up: yes
label-taken-up-no = What was unfinished was taken up: no
label-taken-up-not_needed = What was unfinished was taken up: not needed

later = All right. I will ask again { $when }. You can also answer sooner, with this button.
later-until = All right. You can answer until { $when }.
declined = All right, not this time. I will not ask about this session again. If you want to tell something about it later, you can write it here.
no-session = All right: there was no session. I will tell { $therapist }, who can confirm it.
stopped = The questions can wait.
closed = This question has closed. If something about that session stays with you, you can bring it up in the next one, or write it here for { $therapist }.
cancelled = This question was withdrawn. There is nothing to answer.

button-later = Later
button-not-this-time = Not this time
button-no-session = There was no session
button-back = Back
button-done = Done
button-correct = Correct
button-answer-now = Answer now
button-taken-up-yes = Yes
button-taken-up-no = No
button-taken-up-not_needed = It was not needed
button-what-was-it = What was it?
button-go-on = Go on without answering

number-out-of-range = That number is not between 0 and 10. Press a button or type one, without decimals.
number-not-whole = Only a whole number fits here. Press a button or type one from 0 to 10, without decimals.
number-unclear = I can’t tell which number that is. Press a button or type just one, from 0 to 10.

toast-already-answered = That was already answered. The latest message is the one that counts.
toast-closed = This question has closed.
toast-not-yours = This button no longer works.

## Help

help-card = If you are in danger or thinking of hurting yourself, call now:
help-card-nobody-here = This is an automatic message: there is nobody at the other end right now.
help-line = { $number } · { $says }
crisis-kept = What you wrote is kept and I am letting { $therapist } know. I don’t know when it will be read: this is not a live line. The questions can wait. Help numbers: /help
crisis-not-yet = I have not been able to keep what you wrote yet, or to let { $therapist } know. I am still trying, but please don’t wait here: call.
crisis-delivered = { $Therapist } has the message now.
crisis-elsewhere-too = Someone else at the practice has the message now, too.
crisis-elsewhere-instead = I could not reach { $therapist }. Someone else at the practice has the message now; I don’t know when they can look at it. Help numbers: /help
crisis-elsewhere-operator = I could not reach { $therapist }. I have asked the practice to do so by other means; I don’t know when they will. There is no need to wait here: help numbers, /help
crisis-undelivered = I could not reach { $therapist }, nor anyone else at the practice. What you wrote is still kept and I will keep trying, but please don’t wait here.
crisis-untold = What you wrote has not reached anybody.
crisis-untold-therapist = What you wrote has not reached anybody, { $therapist } included.
help-title = What you can do here:
other-contact = Someone else at the practice, who is not your therapist: { $contact }

abuse-card = If somebody is hurting or threatening you, you can call:
abuse-nothing-yet = What you wrote was neither kept nor sent to anybody. You can choose whom to tell, or nobody. The questions can wait.
abuse-nobody = What you wrote was not kept and has not reached anybody.
danger-nobody-yet = Nobody knows about it yet: what you wrote was neither kept nor sent. { $number } answers now.
danger-choose = You can choose whom to tell, or nobody. If you choose your therapist and they do not see it within half an hour, someone else at the practice may be told, too. The questions can wait.
abuse-delete = “Delete from this chat” removes your message and this one.
abuse-told-therapist = Kept. I am letting { $therapist } know; I don’t know when it will be read. Help numbers: /help
abuse-told-other = Kept for someone else at the practice. I am letting that person know; I don’t know when it will be read. { $Therapist } will not see it. Help numbers: /help
abuse-reached-therapist = Kept. { $Therapist } has the message now; I don’t know when it will be read. Help numbers: /help
abuse-reached-other = Kept for someone else at the practice, who has the message now; I don’t know when it will be read. { $Therapist } will not see it. Help numbers: /help
abuse-missed-therapist = I could not reach { $therapist }: nobody has read it. It is still kept and I will keep trying, but please don’t wait here.
abuse-missed-other = I could not reach anyone else at the practice: nobody has read it. It is still kept and I will keep trying, but please don’t wait here.
abuse-other-gone = Right now there is nobody else at the practice to tell.
abuse-told-nobody = All right: nothing was kept and nothing was sent. Help numbers: /help
button-tell-therapist = Tell { $therapist }
button-tell-other = Tell someone else at the practice
button-tell-nobody = Nobody
button-forget-here = Delete from this chat
toast-forgotten = Deleted from this chat.
toast-stays = Telegram no longer lets me delete messages older than two days. You can delete them yourself: press and hold them.

## Consent and arrival

consent-who = This chat is a program: there is no person at the other end. { $Therapist } invites you to use it.
consent-asked =
    What it asks, and when
    · Three short questions, 0 to 10, and room to write if you like.
    · { $when }
    · Low numbers help too. “This is not helping me” is a good answer.
consent-when-at-once = They arrive when each session ends.
consent-when = They arrive { $delay } after each session.
consent-when-or-morning = They arrive { $delay } after each session. If it is night by then, they arrive in the morning.
consent-read =
    Who reads it
    · { $Therapist }, usually before the next session and never live.
    · If the numbers drop clearly from one session to the next, your therapist is told, so that you can talk about it.
consent-emergency =
    This is not an emergency service
    · /help shows whom to call, at any hour.
    · If you write that you are thinking of dying or of hurting yourself, I will show you those numbers and tell { $therapist } at once. I may fail to notice: if it is urgent, call.
consent-second = · If nobody sees that alert, someone else at the practice may be told: your code, not your words.
consent-second-reads = · If nobody sees that alert, someone else at the practice may be told, and may read those words.
consent-abuse = · If you tell me that somebody is hurting you, even if you also write about dying, I keep nothing and send nothing until you choose whom to tell. But I may fail to notice: then it is kept like everything else.
consent-other-contact = · Someone else at the practice, who is not your therapist: { $contact }
consent-data =
    Your data
    · Chats with programs on Telegram are not end-to-end encrypted: they pass through Telegram’s servers.
    · Here your words are stored encrypted.
consent-stop =
    Stopping
    · Whenever you like, with /pause.
    · Saying no, now or later, changes nothing in your therapy.
consent-rights =
    Your rights
    · /mydata gives you everything that is kept, and shows who has read it. /privacy says for how long.
    · /leave takes you out: I stop writing to you, and your words and your Telegram identifier are deleted. Before that I explain what stays and why.
    · There are encrypted backups; they last { $days } days, and then what was deleted is gone from them too.
consent-changed = This text has changed since you accepted it. Until you decide, I will ask nothing.
consent-contact = If you have any question: { $contact }
button-accept = I accept
button-decline = I’d rather not
consented = Thank you. The questions will arrive after each session with { $therapist }. If you would rather not answer sometimes, that is fine. To stop: /pause. If you need help now: /help
consent-declined = All right: I will ask nothing. This changes nothing in your therapy. If you change your mind later, ask { $therapist } for another link. If you need help now: /help
welcome-back = Everything is set with { $therapist }: the questions will arrive after each session. If you need help now: /help
stranger =
    This chat is for saying, after each therapy session, how it went, so that your therapist can read it. To begin you need a personal link: ask your therapist for it.
    If you need help now: /help
not-started =
    The invitation is not accepted yet, and what is written here is neither kept nor read by anybody. To see it again, open your link once more. Saying no is fine, too.
    If you need help now: /help
not-carried = I don’t understand that, and it was sent to nobody: this chat carries no messages to patients. /help shows what can be done here, and whom to call.
not-here = That cannot be done from this chat. /help shows what can, and whom to call.
link-invalid = This link is not valid. It may be incomplete: open it again, or ask whoever sent it for a new one.
link-used = This link has already been used. If you need a new one, ask whoever sent it.
link-expired = This link has expired. Ask whoever sent it for a new one.
link-too-many-tries = Too many attempts in a row. Wait an hour and open the link again. If you need help now: /help

## Words outside the questions

words-offer =
    Nobody reads this chat right now. Would you like to leave this message for { $therapist }, who will know that you wrote?
    If you need help now: /help
button-leave-it = Leave it
button-no = No
words-kept = Kept. { $Therapist } will know that there is a message. I don’t know when it will be read.
words-not-kept = All right: nothing was kept.
media-refused = { $kind ->
    [voice] I can only keep text here. The audio was not kept.
    [photo] I can only keep text here. The photo was not kept.
    [video] I can only keep text here. The video was not kept.
    [sticker] I can only keep text here. The sticker was not kept.
    [document] I can only keep text here. The file was not kept.
   *[other] I can only keep text here. That was not kept.
 }
media-instead = If you like, write it down. If you need help now: /help
edited-too-late = That change was not kept: what was answered before stands. If you like, write it in a new message.
paused = Paused: I will ask nothing. To come back: /resume. If you need help now: /help
resumed = Questions are on again: I will ask after the next session.
too-fast = That is a lot of messages in a row; I will be back in a minute. What was written or tapped arrives all the same. Help now: /help
unknown-command = I don’t understand that. /help shows what you can do here, and whom to call.
nothing-waits = All right: there is nothing to note. /help shows what you can do here, and whom to call.

## Settings

settings =
    Language: English
    Time zone: { $city } (now { $time })
settings-rest = Quiet hours: { $starts } to { $ends }, those of the practice
settings-rest-own = Quiet hours: { $starts } to { $ends }
settings-rest-none = No quiet hours
settings-work = Session hours: { $starts } to { $ends }, those of the practice
settings-work-own = Session hours: { $starts } to { $ends }
settings-working =
    Between what hours do sessions begin? It tells me whether “at 5” is in the morning or in the afternoon, and which hours to offer.
    For other hours: /settings work 8:30-17:00
settings-language = Which language?
settings-manner = In Spanish: usted, tú or vos; Spain or the Americas
manner = This is how I speak Spanish; in English there is nothing to choose.
manner-question = The first question asks: “{ question-understood }”
manner-change = One tap changes it, in the questions still to be answered, too.
manner-first = The first question will ask: “{ question-understood }”
settings-country =
    In which country?
    If it is not here, write the city like this: /settings Bogota
settings-zone = Which city has the same time as yours?
settings-quiet =
    At what hours should I not write? Whatever falls into them waits until they are over.
    For other hours: /settings 22:30-9:00
settings-command = settings
settings-several = More than one place is called that. Which one is it?
settings-unclear =
    I cannot find that. I understand these three forms:
    /settings Bogota
    /settings America/Mexico_City
    /settings 22:30-9:00
button-language = Language
button-manner = Form of address
button-chosen = ✓ { $choice }
button-register-usted = Usted
button-register-tu = Tú
button-register-vos = Vos
button-form-comprendido = Comprendido
button-form-comprendida = Comprendida
button-form-neutral = Neutral
button-region-spain = Spain
button-region-americas = The Americas
button-rather-usted = Rather usted
button-rather-tu = Rather tú
button-rather-vos = Rather vos
button-zone = Time zone
button-quiet = Quiet hours
button-working = Session hours
button-work-practice = As the practice ({ $starts }-{ $ends })
button-quiet-hours = { $starts } to { $ends }
button-quiet-practice = As the practice ({ $starts }-{ $ends })
button-quiet-practice-none = As the practice (none)
button-quiet-none = No quiet hours
button-settings-back = Back
language-es = Español
language-en = English

## Commands

command-nuevo = Invite a patient
    .help = /new P-07 · creates the code and gives a one-time link, with its QR picture. For a minor: /new P-07 minor
command-pacientes = Patients and how they are doing
    .help = /patients · codes, state and last alliance
command-sesion = Note a session
    .help = /session P-07 now · the session has just ended. Also /session P-07 ended at 11, /session P-07 today 17:00 50m, /session P-07 every Tuesday 17:00, or /session alone, with buttons
command-agenda = The sessions of two weeks
    .help = /calendar · the sessions of the coming two weeks: move, cancel, note that somebody did not come or that the connection failed
command-alertas = Open alerts
    .help = /alerts · what is still open, most urgent first
command-resumen = The week’s digest
    .help = /digest · the week so far; it also comes by itself, every week
command-acuerdo = The therapy agreement
    .help = /agreement P-07 … · note a small agreement that can be revised and that the patient can see; without text, see, revise or retire it
    .patient = /agreement · see the present agreement with your therapist
command-nota = Notes about a patient
    .help = /note P-07 … · note a safety marker, a review of the alliance or a micro-objective; without text, see the last ones
command-historial = The history of a patient
    .help = /history P-07 · the sessions in a chart and a table, and what was written
command-ajustes = Language, time zone, quiet hours
    .help = /settings · language, time zone and quiet hours
command-ayuda = Help, and whom to call
    .help = /help · this page
command-exportar = Take a patient’s data into the record
    .help = /export P-07 · everything that is kept about a patient, in files
command-misdatos = Everything that is kept, in a file
    .help = /mydata · get everything that is kept in a file, and who has read it
command-privacidad = Who reads it and what is kept
    .help = /privacy · who reads it, what is kept, where and for how long
command-baja = Leave and delete the data
    .help = /leave · leave; before anything is deleted, I explain what goes and what stays
command-pausa = Stop receiving questions
    .help = /pause · I will ask nothing until you want me to
command-reanudar = Receive questions again
    .help = /resume · receive questions again

## Therapist: arrival and patients

enrol-offer =
    This bot asks each patient three things after the session, 0 to 10: whether they felt understood, whether it made sense, whether anything was left unfinished. The answers come here: an alert if the perceived alliance drops from one session to the next, and a digest every week. This is not an emergency service, and it diagnoses nothing.

    How should your patients read your name? (The articles are for Spanish.) Choose, or type another name.
enrol-offer-second_contact = You are invited as a second contact at the practice. { role-second_contact }
enrol-offer-supervisor = You are invited to support the team at the practice. { role-supervisor }
enrol-offer-operator = You are invited to look after this bot. { role-operator }
enrol-offer-name = What name should the practice know you by? Choose, or type another: that is how you accept.
contact-enrolled = Done: the practice will read “{ $therapist }”.
role-second_contact = Second contact: an alert comes here, at any hour, when a patient writes about dying or self-harm and their therapist has not seen it within half an hour, or cannot be told. And, if a patient so chooses, what they want to tell about somebody who hurts them.
role-supervisor = Supervision: if the practice has it on, a reading of the team’s alliance comes here on the first day of each month, in totals, without names or codes. Never patients’ words.
role-operator = Technical contact: an alert comes here, at any hour, when an urgent message reaches nobody and someone at the practice has to be found by other means. Never whose it is, nor what they wrote. What happens to the bot itself comes here too: at any hour when nobody can write to it or an alert does not leave; the rest by day.
enrolled =
    Done: your patients will read “{ $therapist }”.
    To begin, /new P-07 creates a patient’s code (no name) and gives their link. After a session: /session P-07 now.
    Everything else: /help
invitation-ready =
    { $code } · personal link, for one use, until { $until }:
    { $link }
    Send it, or show this QR picture. Whoever opens it first reads what this is and can say no.
invitation-moves = { $code } is already under way and needs no other link to go on. This one is for changing phone or account: once it is accepted, whoever opened it gets the questions, and the old account no longer does.
patient-accepted = { $code } has accepted. After each session: /session { $code } now
patient-declined = { $code } would rather not. No questions will be asked.
invitation-refused = { $name }: somebody tried to open the link from another account and was not let in. /new { $name } makes a new one.
patient-unreachable = { $code }: messages no longer arrive (the chat was blocked or the account closed). /new { $code } makes another link.
code-missing = The patient’s code is missing; it holds no name. For example: /new P-07
code-bad = A code holds no name: it has 1 to 16 letters, digits or hyphens, without spaces. For example: P-07
code-taken = { $code } exists already. Choose another code.
code-unknown = There is no patient { $code }. The list: /patients
code-not-first = “{ $word }” is no patient’s code. The code comes first: /session { $code } tomorrow 17:00. The list: /patients
patients-title = { $count ->
    [one] { $count } patient
   *[other] { $count } patients
 }
patients-none = No patients yet. To begin: /new P-07
patient-line = { $code } · { $state }
patient-line-rated = { $code } · { $state } · { $mean } ({ $day })
patient-urgent = urgent words, not contacted yet
patient-state-invited = invitation not accepted yet
patient-state-active = under way
patient-state-declined = would rather not
patient-state-paused = paused
patient-state-unreachable = messages do not arrive
patient-state-left = has left

## Therapist: sessions

session-ended = { $code } · session ended { $ends } ({ $zone }).
session-planned = { $code } · session { $day }, { $starts } to { $until } ({ $zone }).
session-asks = I will ask { $when }.
session-asks-now = I am asking now.
session-asks-never = Too much time has passed: I will not ask about it.
session-waits-invited = The invitation is not accepted yet: unless it is by then, nothing will be asked.
session-waits-declined = This patient would rather not be asked: nothing will be asked.
session-waits-paused = This patient has paused the questions: unless that ends by then, nothing will be asked.
session-waits-unreachable = Messages do not arrive there (the chat is blocked or the account closed): unless that changes by then, nothing will be asked.
session-waits-left = This patient has left: nothing will be asked.
session-undone = { $code }: session cancelled. Nothing will be asked about it.
session-undo-late = { $code }: that session has already been answered; it can no longer be undone.
session-in-past = { $code }: { $day }, { $starts } to { $until } ({ $zone }), has already passed. Did it end then, has it just ended, or is it another date?
session-ambiguous-hour = { $code } · morning or evening? When does it start? It will last { $length }.
session-mismatch = { $code } · that date is { $day }, and not a { $weekday }. On which day is the session? It will last { $length }.
series-ambiguous-hour = { $code } · morning or evening? At what time does each session start? It will last { $length }.
series-once-or-weekly = { $code } · { $days }: every week, or just this once ({ $dates })? Each session will last { $length }.
line-empty = I could not read when it is.
line-too_long = That line is too long to be read.
line-no_time = The time is missing.
line-unclear_time = I could not read the time.
line-not_yet = That time is still to come.
line-past = That time has passed.
line-no_day = I could not read which day it is, or there is a word too many.
line-no_such_day = There is no such date. The day comes before the month.
line-weekday_mismatch = The day of the week and the date do not agree: that date is { $day }.
line-length = A session lasts between { $shortest } minutes and { $longest } hours.
line-too_far = That is more than a year away.
line-recurrence = I could not read how it repeats. It can be every week or every few weeks, not by days or months.
line-no_weekday = The day of the week is missing.
line-ends_first = With that end there is no session left.
line-examples =
    For example:
    /session { $code } now
    /session { $code } tomorrow 17:00 50m
    /session { $code } Thursday at 9
line-examples-series =
    For example:
    /session { $code } every Tuesday 17:00
    /session { $code } Tuesday 17:00 every two weeks
    /session { $code } Tuesdays and Thursdays 9:00, 10 times
line-examples-until =
    For example:
    /session { $code } every Tuesday 17:00 until { $example }
    /session { $code } every Tuesday 17:00 for 12 weeks
    /session { $code } every Tuesday 17:00, 10 times
line-examples-move =
    For example:
    tomorrow 17:15
    Thursday at 9
    24/11 17:00
move-which-week = { $code } · which { $weekday }? It will last { $length }.
move-series-not-there = The series cannot go on from that day. The buttons show the possible days.
move-series-rhythm = Here the day and the time of the series change, with one line: Thursday at 17:15. How often it repeats does not change.
session-overlap = { $code } already has a session that overlaps that time: no other was noted. To see, move or cancel it: /calendar
session-perhaps-same = { $code } already had a session noted: { $day }, { $starts } to { $until }. Is it the same one, or another?
session-same = { $code }: noted, it is the same session.
session-same-asks = I will ask afterwards, counting from when it really ended.
session-pick-patient = Whose session is it?
session-pick-when = { $code } · when?
session-weekly-day =
    { $code } · every week: on which day is the first?
    For another rhythm, one line: /session { $code } Tuesday 17:00 every two weeks
session-weekly-hour = { $code } · every week from { $day }: at what time does it begin?
weekday-names = Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday
and = { $first } and { $last }
series-rule = { $weeks ->
    [1] every { $days } at { $time }
   *[other] every { $weeks } weeks, { $days } at { $time }
 }
series-until = { $rule }, until { $day }
series-count = { $rule }, { $count ->
    [one] once
   *[other] { $count } times
 }
series-noted = { $code } · { $rule } ({ $zone }).
series-first = The first one { $when }.
series-left-out = { $count ->
    [one] One was not noted: it overlaps another session of that code.
   *[other] { $count } were not noted: they overlap other sessions of that code.
 }
series-others = As before: { $rule } ({ $zone }).
series-resumed = { $code }: the series is as it was before, { $rule } ({ $zone }).
series-asks = I will ask after each of them.
series-ended = { $code }: the series ends. { $count ->
    [0] No session was left to come.
    [one] The session that was left is cancelled, and nothing will be asked about it.
   *[other] The { $count } sessions that were left are cancelled, and nothing will be asked about them.
 }
agenda-heading = Your sessions: yesterday, today and the next two weeks ({ $zone }). Tap one to change it.
agenda-empty = No sessions are noted for yesterday, today or the next two weeks. To note one: /session. A calendar (.ics) can be sent here, too.
agenda-more = And { $count } more.
agenda-session = { $code } · { $day }, from { $starts } to { $until } ({ $zone }).
agenda-of-series = It belongs to a series.
agenda-cancelled = cancelled
agenda-cancelled-means = Cancelled: nothing will be asked about it.
agenda-missed = did not come
agenda-missed-means = Did not come: nothing will be asked about it.
agenda-silent = no question
agenda-silent-means = I will not ask about it any more: the time for that has passed.
agenda-online = online
agenda-online-means = Online.
agenda-in_person = in person
agenda-in_person-means = In person.
agenda-cut = the connection failed
agenda-cut-means = The connection failed: the answers are kept, but not compared with other sessions.
agenda-series = { $code } · { $rule } ({ $zone }). What you change holds from { $day } on; what came before stays as it is.
agenda-move-day =
    { $code } · { $day }: to which day does the session move?
    For another date or time, reply to this message with one line (hold it, “Reply”): Thursday at 17:15
agenda-move-series-day =
    { $code } · the series, from { $day } on: on which day is the first session at the new time?
    For another date or time, reply to this message with one line (hold it, “Reply”): Thursday at 17:15
agenda-move-hour =
    { $code } · { $day }: at what time does it begin?
    For another time, reply to this message (hold it, “Reply”): 17:15
agenda-not-asked = That session has been asked about already.
agenda-not-answered = That session has been answered already.
agenda-not-overlap = It overlaps another session of that code.
calendar-changes = Calendar read: { $changes }.
calendar-same = Calendar read: nothing changes in your sessions.
calendar-again = Calendar read: its changes are among your sessions already.
calendar-added = { $count ->
    [one] one new session
   *[other] { $count } new sessions
 }
calendar-moved = { $count } moved
calendar-cancelled = { $count } cancelled
calendar-asked = { $count ->
    [one] One has another time in the calendar, but has been asked about already: it stays as it was.
   *[other] { $count } have another time in the calendar, but have been asked about already: they stay as they were.
 }
calendar-ignored = { $count ->
    [one] One event does not count as a session: past, all day, more than twelve weeks ahead, nobody’s, or at the same time as another.
   *[other] { $count } events do not count as sessions: past, all day, more than twelve weeks ahead, nobody’s, or at the same time as others.
 }
calendar-unreadable = { $count ->
    [one] One event cannot be read.
   *[other] { $count } events cannot be read.
 }
calendar-unknown = { $count ->
    [one] One title is new to me; I am asking now whose it is.
   *[other] { $count } titles are new to me; I am asking now whose they are.
 }
calendar-unknown-many = { $count } titles are new to me. I am asking about the { $asked } most frequent; for the others, send the file again once these are answered.
calendar-missing = { $count ->
    [one] One session that came from a calendar is not in this file. It still stands.
   *[other] { $count } sessions that came from a calendar are not in this file. They still stand.
 }
calendar-look = The sessions: /calendar
calendar-whose = “{ $title }” · { $count ->
    [one] one session, { $when }
   *[other] { $count } sessions, the next { $when }
 }
calendar-whose-question = { $count ->
    [one] Whose is it?
   *[other] Whose are they?
 } Titles are not kept.
calendar-title-gone = A title of the calendar
calendar-chosen = { $code } · { $count ->
    [0] no session is left to note
    [one] one session among yours
   *[other] { $count } sessions among yours
 }. I will not ask about this title again.
calendar-chosen-nobody = Nobody’s: nothing is noted. I will not ask about this title again.
calendar-chosen-again = From now on: { $code }. What is noted already changes when you send the file again.
calendar-chosen-again-nobody = From now on: nobody’s. What is noted already changes when you send the file again.
calendar-nobodys = { $count ->
    [0] Noted: nobody’s.
    [one] Noted: the title that was left is nobody’s. I will not ask about it again.
   *[other] Noted: the { $count } titles that were left are nobody’s. I will not ask about them again.
 }
calendar-called-off = { $count ->
    [0] They are cancelled already. Nothing will be asked about them.
    [one] One session cancelled. Nothing will be asked about it.
   *[other] { $count } sessions cancelled. Nothing will be asked about them.
 }
calendar-refused = { $why } Nothing has changed in your sessions.
calendar-too_large = That calendar is too large to read (1 MB at most). Perhaps only what is still to come can be exported.
calendar-too_many_events = That calendar has too many events to read (1,000 at most). Perhaps only what is still to come can be exported.
calendar-not_a_calendar = That file is not a calendar, or not a whole one.
calendar-recurrence = In that calendar something repeats in a way that cannot be followed: too often, or never at all.
calendar-too_slow = There was no time to read that calendar. Perhaps later, or with fewer events.
calendar-withheld = Telegram does not hand that file over. Sending it again usually helps.
calendar-line = { $why } (Line { $line }.)
button-nobodys = Nobody’s
button-nobodys-titles = None of the others
button-call-off-missing = { $count ->
    [one] Cancel the one that is gone
   *[other] Cancel the { $count } that are gone
 }
session-pick-day =
    { $code } · which day?
    Further ahead, with one line: /session { $code } { $example } 17:00
session-pick-hour =
    { $code } · { $day }: when does it start? It will last { $length }.
    For another time or length, one line: /session { $code } { $example } 17:15 90m
session-no-hours =
    { $code } · { $day }: no working hours are left today.
    For another time, one line: /session { $code } { $example } 22:00 50m
session-day-gone =
    { $code } · { $day } has passed.
    If there was a session that day, one line: /session { $code } { $example } 17:00
session-over-today = If it is over, one line: /session { $code } an hour ago
no-session-claimed = { $code } says that there was no session on { $day }.
no-session-confirmed = { $code }: noted, there was no session on { $day }.
no-session-denied = { $code }: noted, there was a session on { $day }.
button-undo = Undo
button-now = It has just ended
button-today = Today, another time
button-other = Another day
button-weekly = Every week
button-move = Move
button-cancel-session = Cancel
button-missed = Did not come
button-takes-place = It takes place
button-took-place = It did take place
button-online = Online
button-in_person = In person
button-cut = The connection failed
button-not-cut = The connection held
button-series = The whole series
button-move-series = Change from here on
button-end-series = End it here
button-back-to-session = Back
button-agenda = Calendar
button-then = It ended then
button-once = Just this once
button-same = The same one
button-another = Another session
button-other-date = Another date
button-indeed = Yes, no session
button-there-was = There was one

## Therapist: alerts

alert-push = { $code }: { $rule ->
    [item_drop] one of the answers has dropped.
    [slide] the alliance has been going down.
    [silence] no answer after a drop.
   *[drop] drop in the perceived alliance.
 }
alert-push-again = { $code }: { $rule ->
    [item_drop] another of the answers has dropped.
   *[drop] another drop in the perceived alliance.
 }
alert-title = { $code } · drop in the alliance (rule: { $points ->
    [1] 1 point or more
   *[other] { $points } points or more
 })
alert-title-item = { $code } · one answer has dropped (rule: { $points ->
    [1] 1 point or more
   *[other] { $points } points or more
 } on one of the two questions)
alert-title-slide = { $code } · the alliance has been going down (rule: { $points ->
    [1] 1 point or more
   *[other] { $points } points or more
 } below the first sessions)
alert-title-falls = { $code } · the alliance has been going down (rule: three drops in a row that add up to { $points ->
    [1] 1 point or more
   *[other] { $points } points or more
 })
alert-title-silence = { $code } · no answer (rule: { $points ->
    [1] one session without an answer
   *[other] { $points } sessions in a row without an answer
 })
alert-title-silence-first = { $code } · no answer (rule: the first session without an answer after a drop)
alert-numbers = { $current_day }: { $current }   ·   { $previous_day }: { $previous }   ·   { $days ->
    [one] { $days } day between them
   *[other] { $days } days between them
 }
alert-unanswered = { $count ->
    [one] Between them, { $count } session without an answer.
   *[other] Between them, { $count } sessions without an answer.
 }
alert-most = What dropped most: “{ $item }” { $before } → { $after }
alert-baseline = Median of the first sessions: { $level }
alert-partly = { $current_day }: one of the two questions was answered   ·   compared with { $previous_day }   ·   { $days ->
    [one] { $days } day between them
   *[other] { $days } days between them
 }
alert-silent = { $count ->
    [one] The session of { $day } closed without an answer.
   *[other] { $count } sessions in a row closed without an answer, the last one on { $day }.
 }
alert-last-answer = Last answer: { $day }: { $mean }   ·   { $days ->
    [one] { $days } day between them
   *[other] { $days } days between them
 }
item-understood = Did you feel understood?
item-sense = Did what we did make sense?
alert-repair =
    1. Pause and name what is tense, without hurry.
    2. Validate and explore first, without defending, your own part too; interpret later.
    3. Renegotiate the direction and agree on one small step.
alert-ask = Silence does not say why: in the next session you can ask, without reproach.
alert-seen = Seen.
alert-talked = { $family ->
    [silence] Noted: you talked about it. It stays open until there is an answer again.
   *[fall] Noted: you talked about it. It stays open until the alliance rises again.
 }
alert-repaired = { $family ->
    [silence] There is an answer again. This alert is closed.
   *[fall] Repaired. This alert is closed.
 }
alert-unrepaired = Closed without repair: more sessions were answered, the alliance did not rise again, and nobody noted talking about it.
alert-false-alarm = Noted: it was not that. This alert is closed.
alert-withdrawn = { $family ->
    [silence] Alert withdrawn: after a correction, that session no longer counts as silence.
    [slide] Alert withdrawn: after a correction, the decline is gone.
   *[fall] Alert withdrawn: after a correction, the drop is gone.
 }
alert-withdrawn-push = { $family ->
    [silence] { $code }: alert withdrawn. After a correction, that session no longer counts as silence.
    [slide] { $code }: alert withdrawn. After a correction, the decline is gone.
   *[fall] { $code }: alert withdrawn. After a correction, the drop is gone.
 }
button-see = See
button-read-words = Read their words
button-guide = Repair guide
button-talked = We talked about it
button-false-alarm = It was not that
button-seen = Seen
button-repaired = Repaired
button-read-note = Read the note
button-no-note = No note
button-drop-note = Delete the note
button-return = Back
button-read-on = Read on
words-title = { $code } · their words, { $day }
words-page = { $page } of { $pages }
words-hidden-soon = Hidden again in { $minutes } minutes.
words-hidden = { $code } · { $day }: words hidden
words-none = { $code } wrote nothing about that session.
words-kind-reflection = Comment:
words-kind-pending = What was left unfinished:
words-kind-message = Message:
words-kind-crisis = Message:

following-title = Open alerts: { $count }
following-none = No alert is open. When there is one, it comes by itself.
following-urgent = { $code } · urgent words nobody has seen, { $when }
following-urgent-seen = { $code } · urgent words, nobody has made contact yet, { $when }
following-line = { $code } · { $rule ->
    [item_drop] one answer has dropped
    [slide] the alliance has been going down
    [silence] no answer
   *[drop] drop in the alliance
 } · { $state ->
    [seen] seen
    [talked] talked about
   *[open] not seen
 }, since { $day }
button-see-code = See { $code }
button-see-code-kind = See { $code }: { $family ->
    [silence] silence
    [slide] decline
   *[fall] drop
 }
button-see-urgent = Urgent: read { $code }
button-before = Previous
button-after = Next

episode-note-ask = { $code }: noted that you talked about it. If you like, write now in one line what came up and what was renegotiated: the next thing that arrives here within 15 minutes will be the note. It is kept encrypted and goes into the record with /export. No note: /nothing
episode-noted = { $code }: the note is kept. It is read from the alert, with “Read the note”. If it was not meant for this, it can be deleted.
episode-not-noted = { $code }: no note.
episode-note-title = { $code } · note about the talk

repair-guide-title = { $code } · repair, step by step
repair-guide =
    1. Pause. Less exploring and more calm before going on; begin with your own breath.
    2. Look at your own part. Which impulse comes up: to rescue, to confront, to move away? What was done, or missing, last time?
    3. Name the tension. “I wonder whether something here did not go well last time.”
    4. Validate without defending. What they felt has its logic; the stumble may also be the therapist’s.
    5. Explore what was intrusive or confusing: a question, the pace, a silence. Interpreting or pointing out patterns comes later: while the tension lasts it helps less.
    6. Renegotiate the focus: where to and at what pace, decided by both.
    7. A micro-agreement for the rest of the session: small, clear, open to change.
    8. A short somatic pause, 30 to 90 seconds, before the end.

    Tension shows in two ways, sometimes together. The numbers do not say which; that is seen in the session.
    · Withdrawal: says less, agrees with everything, gives tens without a comment or does not answer. Give time, and leave to disagree.
    · Complaint: low numbers, reproach, irony. Hear all of it before answering.

    “Repairing strengthens more than avoiding the conflict.”
    It is one guide for everybody, not a recipe.
    Sources: Formación Psicoterapia, “Estrategias clínicas para crear alianza terapéutica”; consensus of 134 experts (PMC5966286); withdrawal and complaint (PMC7451373).

unshown-listed = { $code }: there is an alert that could not be shown. It is in the list: /alerts
unshown-urgent = { $code ->
    [none] There is an urgent alert that could not be shown.
   *[known] { $code }: there is an urgent alert that could not be shown.
 } Please ask at the practice now.
unshown = { $code ->
    [none] There is a notice that could not be shown.
   *[known] { $code }: there is a notice that could not be shown.
 } Whoever looks after the program can see why.
concern-push = { $code }: urgent. Wrote something that may be about dying or of self-harm. The help numbers are being shown.
concern-push-again = { $code }: urgent, not seen yet (since { $since }). Wrote something that may be about dying or of self-harm. The help numbers are being shown.
concern-unseen = Alerts about { $code } not seen yet: { $count }.
concern-negated = The sentence contains a negation. The alert is the same.
concern-second = { $code }, patient of { $therapist }: urgent. Wrote something that may be about dying or of self-harm. The help numbers are being shown.
concern-second-unseen = { $Therapist } has the alert and has not seen it yet.
concern-second-unreached = The alert could not reach { $therapist }.
concern-second-what = “I take over” tells the others that you will make contact, and the alerts stop repeating.
concern-second-again = Not seen since { $since }.
concern-operator-unseen = There is an urgent alert for { $therapist } that nobody has seen yet. Please reach them now by other means: they have to open this chat.
concern-operator-unreached = There is an urgent alert for { $therapist } that does not arrive: this chat was blocked or the account closed. Please reach them now by other means: they have to unblock and open it.
member-unreachable = This bot’s messages do not reach { $therapist }: the chat was blocked or the account closed. Please reach them by other means: they have to unblock and open it.
concern-operator-seen = The urgent alert for { $therapist } has been seen. Nothing more is needed.

# To whoever looks after the bot: what is wrong, what to do now, where it is explained. Nothing about anybody.
alarm-more = More: docs/alarms.md, “{ $section }”.
alarm-still = Nothing has changed since the last message.
alarm-silent = Nothing has reached me from Telegram since { $since }: nobody gets an answer. Please see whether the machine is online and no other program uses the same token. { alarm-more }
alarm-silent-over = All is well again: what people write in Telegram comes in. Nothing came in for { $span }, since { $since }.
alarm-refused = Telegram has not accepted the connection since { $since }: the token is no longer valid, or the certificate fails. Nobody gets an answer. Please compare the token with the one at @BotFather, and see whether the machine’s clock is right. { alarm-more }
alarm-refused-over = All is well again: Telegram accepts the connection. It did not for { $span }, since { $since }.
alarm-database = I have not been able to keep anything since { $since }: the database does not respond. Messages wait in Telegram, for 24 hours at most. Please see whether the disk is full or write-protected. { alarm-more }
alarm-database-over = All is well again: I can keep and read everything. I could not, or not all of it, for { $span }, since { $since }.
alarm-damaged = A part of the database has not been usable since { $since }, most likely because the file is damaged. What needs it is not done: questions or alerts may not leave. The rest goes on. Please restore the last backup today (“Restore” in docs/operations.md), and look at the disk. { alarm-more }
alarm-unsent = { $count ->
    [one] There is an alert that cannot go out; it was to arrive { $since }.
   *[other] There are { $count } alerts that cannot go out; the first was to arrive { $since }.
 } Someone at the practice does not know what they should know. Please look for the reason with “microchequeo status” and, if it is not mended soon, tell the practice by other means. { alarm-more }
alarm-unsent-over = All is well again: no alert is waiting to go out.
alarm-parked = { $count ->
    [one] I have put one message aside
   *[other] I have put { $count } messages aside
 } after five tries; the others go on. “microchequeo parked” says which; once the cause is mended, “microchequeo parked --retry all” tries again. { alarm-more }
alarm-parked-over = No message of the last day is put aside any more.
alarm-backup = The backup failed; I keep trying. Please look for the reason with “microchequeo status”: mostly it is the folder or the space. { alarm-more }
alarm-backup-over = All is well again: the backup is made.
alarm-chore = A housekeeping task fails again and again; everything else goes on. Please look which one and why with “microchequeo status”. { alarm-more }
alarm-chore-over = All is well again: the housekeeping gets done.
alarm-disk = There is little space left on the disk of the data or of the backups. When it runs out, I cannot keep what people answer. Please make room today. { alarm-more }
alarm-disk-over = All is well again: there is space on the disk.

concern-seen = { $code }: urgent words, seen { $when }.
concern-seen-by = { $code }: urgent words. { $Therapist } has taken over, { $when }.
concern-contacted = { $code }: urgent words. Contact noted { $when }.
concern-contacted-by = { $code }: urgent words. { $Therapist } has made contact, { $when }.
concern-note-ask = { $code }: contact noted. If you like, write now in one line how it went; it is kept encrypted, beside their words. No note: /nothing
concern-noted = { $code }: the note is kept.
concern-not-noted = { $code }: no note.
concern-note-title = Note about the contact:
button-concern-seen = I have seen it
button-take-over = I take over
button-concern-contacted = I have made contact
abuse-told-push = { $code }: has chosen to tell you something. Please read it as soon as you can.
disclosed-push = { $code }: has chosen to tell something to someone at the practice who is not their therapist. Their therapist does not know and will not see it.
disclosed-push-urgent = { $code }: urgent. Has chosen to tell something to someone at the practice who is not their therapist; it is also about dying or self-harm. Their therapist does not know and will not see it. Please read it now.
words-left = { $code }: left a message.
button-read = Read

## Agreements and notes

record-agreement = agreement
record-objective = micro-objective
record-marker = safety marker
record-review = review of the alliance
button-record-marker = Marker
button-record-review = Review
button-record-objective = Objective
button-write-marker = + Marker
button-write-review = + Review
button-write-objective = + Objective
record-pick-patient = About whom?
record-code-first-agreement = “{ $word }” is no patient’s code. The code comes first: /agreement { $code } Today we confirm bodily triggers and agree on a sleep routine. The list: /patients
record-code-first-note = “{ $word }” is no patient’s code. The code comes first: /note { $code } marker Feels a lump in the throat before falling silent. The list: /patients
record-too-long = That is too long: there is room for 500 letters. Nothing was noted; a line or two are enough.
record-which-kind = { $code } · what is it?
record-asked-agreement = { $code } · Write the agreement now in one message: small, clear and open to change. To leave it: /nothing
record-asked-objective = { $code } · Write the micro-objective now in one message. To leave it: /nothing
record-asked-marker = { $code } · Write the safety marker now in one message: a sign of the body or of behaviour. To leave it: /nothing
record-asked-review = { $code } · Write the review of the alliance now in one message. To leave it: /nothing
record-nothing = All right: nothing was noted.
record-noted-agreement = { $code } · agreement noted (version { $number }):
record-noted-objective = { $code } · micro-objective noted:
record-noted-marker = { $code } · safety marker noted:
record-noted-review = { $code } · review of the alliance noted:
record-told = { $code } will hear that there is an agreement, in a few minutes or when their quiet hours end. Its text is shown with /agreement.
record-struck = { $code }: undone. The text has been deleted.
toast-record-stays = A day has passed: it stays in the record.
agreement-none = { $code }: there is no agreement now.
agreement-current = { $code } · agreement (version { $number }, since { $since }):
agreement-former = { $code } · earlier agreements
agreement-was = Version { $number } · from { $since } to { $until }
button-write-agreement = Note one
button-revise = Revise
button-retire = No longer valid
button-agreement = Agreement
button-notes = Notes
button-alert = See the alert
button-older = Earlier
button-newer = Later
notes-title = { $code } · notes
notes-none = { $code }: there are no notes yet. In one line: /note { $code } marker Feels a lump in the throat before falling silent
agreement-told = { $Therapist } has noted an agreement with you. To see it: /agreement
agreement-yours = Agreement with { $con }, since { $since }:
agreement-yours-none = For now there is no agreement noted with { $con }.
agreement-yours-ends = It belongs to both of you and can be changed: if something does not fit, you can say so in the next session.

## Before the session

session-ahead = { $code } at { $time }
before-title = { $code } · session, { $when }
before-urgent = Urgent words: nobody has noted yet that they made contact.
before-episode = { $family ->
   *[fall] Drop open
    [slide] Slow decline open
    [silence] No answers
 } since { $day }, not talked about yet.
before-episode-talked = { $family ->
   *[fall] Drop open
    [slide] Slow decline open
    [silence] No answers
 } since { $day }, talked about.
before-alliance = Last alliance: { $mean }{ $arrow } · { $day }
before-pending = Left unfinished: { $score }
before-taken-up-yes = What was unfinished the time before was taken up.
before-taken-up-no = What was unfinished the time before was not taken up.
before-taken-up-not_needed = What was unfinished the time before was not needed any more.
before-agreement = Agreement ({ $day }):
before-marker = Safety marker ({ $day }):
before-nothing = There is nothing to recall yet.
before-breathe = Before you begin: two minutes of diaphragmatic breathing, or an anchor in the body.

## Therapist: the week’s digest

digest-header = Week { $week } · { $patients ->
    [one] { $patients } patient
   *[other] { $patients } patients
 }, { $sessions ->
    [one] { $sessions } session
   *[other] { $sessions } sessions
 }, { $answers ->
    [one] { $answers } answer
   *[other] { $answers } answers
 }
digest-empty =
    Week { $week } · no sessions noted
    A quiet week: no answers to look at. Sessions are noted with /session
digest-attention = Look at first:
digest-repaired = { $count ->
    [one] Repaired:
   *[other] Repaired:
 }
digest-look = { $code } ({ $reasons })
digest-urgent = urgent words not seen yet
digest-urgent-seen = urgent words, not contacted yet
digest-what-drop = drop
digest-what-item-drop = drop in one question
digest-what-slide = slow decline
digest-what-silence = silence
digest-unseen = { $what }, alert not seen
digest-untalked = { $what } not talked about yet
digest-unrepaired = { $what } not repaired
digest-silent = { $count ->
    [one] one session in silence, after a drop
    [2] two sessions in silence
    [3] three sessions in silence
   *[other] { $count } sessions in silence
 }
digest-pending = something was left unfinished on { $day }: { $score }
digest-pending-words = something was left unfinished on { $day }, in words
digest-low-start = low first answer: { $mean }
digest-talked = Talked about, still open:
digest-answering = Answering again:
digest-agreements = Agreements:
digest-agreement = { $code }: “{ $text }” ({ $day })
digest-ceiling = { $codes }: nothing but tens in the last sessions. Ask for a small criticism.
digest-back-to = { $code } is back at { $mean }
digest-nothing = Nothing to look at first.
digest-line = { $code } · { $mean }{ $arrow } · { $day }
digest-line-unanswered = { $code } · no answer · { $day }
digest-line-declined = { $code } · preferred not to answer · { $day }
digest-line-no-session = { $code } · no session · { $day }
digest-line-open = { $code } · not answered yet · { $day }
digest-line-stopped = { $code } · questions stopped · { $day }
digest-taken-up-yes = what was unfinished was taken up
digest-taken-up-no = what was unfinished was not taken up
digest-taken-up-not_needed = what was unfinished was not needed
digest-with-words = with words
button-read-written = Read: { $code }, { $day }
digest-counts = Answered: { $answered } · Preferred not to: { $declined } · No answer: { $unanswered }
digest-invited = Invitations not accepted yet: { $count }
digest-precision = Of { $closed } alerts ({ $what }), { $wrong ->
    [0] none was set aside.
    [one] 1 was something else.
   *[other] { $wrong } were something else.
 }
button-history = History
digest-late = { $count ->
    [one] 1 question did not go out in time: the bot or Telegram was down. It does not count as silence.
   *[other] { $count } questions did not go out in time: the bot or Telegram was down. They do not count as silence.
 }
digest-unreachable = { $count ->
    [one] 1 question could not arrive: the chat is blocked or the account closed.
   *[other] { $count } questions could not arrive: the chats are blocked or the accounts closed.
 }

## Charts

chart-title = { $code } · perceived alliance, 0 to 10
chart-drop = drop
chart-repaired = repaired
chart-unanswered = no answer
chart-zone = here, the next is a drop
chart-week = Week { $week }
chart-week-part = Week { $week } · { $part } of { $parts }
chart-empty = No answers yet

## Therapist: the history of a patient

history-pick = Whose history? You can also type /history { $code }
history-title = { $code } · { $count ->
    [one] 1 session asked about
   *[other] { $count } sessions asked about
 }
history-title-page = { $code } · { $count } sessions asked about, { $first } to { $last }
history-none = { $code }: no session has been asked about yet.
history-headings = Und Sen Unf Alliance
history-columns = Und: felt understood · Sen: made sense · Unf: left unfinished (10 = a lot)
history-declined = preferred not to
history-no-session = no session
history-stopped = questions stopped
history-unanswered = no answer
history-open-still = not answered yet
history-not-arrived = did not arrive in time
history-talked = { $what }, talked about
history-open = Open: { $what }
button-read-of = Read: { $day }

## Supervision: the reading of each month

supervision-title = Reading of the alliance · { $month }
supervision-group = { $patients } patients of { $therapists } therapists, { $sessions } sessions asked about
supervision-answered = Answered: { $count } ({ $share }%)
supervision-declined = Preferred not to: { $count } ({ $share }%)
supervision-silent = No answer: { $count } ({ $share }%)
supervision-unanswered = Not answered, with or without saying so: { $count } ({ $share }%)
supervision-parts-untold = How many were answered is not told: it would be about fewer than 5 patients.
supervision-attuned = Moments of attunement (9.0 or more, not falling): { $count } ({ $share }% of the answers)
supervision-attuned-untold = Moments of attunement: not told, it would be about fewer than 5 patients.
supervision-dropped = Drops and slow declines: { $number }
supervision-repaired = Repaired in the month: { $number }
supervision-unrepaired = Not repaired: { $number }
supervision-not-that = Alerts that were something else: { $number }
supervision-few = in fewer than 5 patients
supervision-until = Median time to repair: in days, { $days }; in sessions, { $sessions }.
supervision-markers = Somatic resources noted (safety markers): { $number }
supervision-end = These are totals for the whole team, to look at the alliance together: no names, no codes, nobody compared. The patients of whoever reads this are not counted.
supervision-empty = Reading of the alliance · { $month }: no session was asked about.
supervision-too-small = Reading of the alliance · { $month }: this month is not shown. It takes at least 5 patients of 2 therapists for it to be about nobody in particular.

## Data, leaving and periods

years = { $years ->
    [one] { $years } year
   *[other] { $years } years
 }

privacy-held =
    What is kept
    · For each patient: a code, the sessions noted, the answers, the words they write and who has read them, and the therapist’s agreements and notes.
    · The Telegram identifier, encrypted. Neither name nor telephone number of patients.
privacy-where =
    Where
    · On a computer of the practice. Words are kept encrypted, and so are the backups, which last { $days } days.
    · Messages pass through Telegram’s servers, which do not encrypt them end to end.
privacy-who =
    Who sees it
    · The therapist. Each reading of the words is noted.
    · If nobody sees an urgent alert, another person of the practice may be told, as the invitation explains.
    · Whoever looks after the computer is bound to the same secrecy.
privacy-how-long =
    For how long
    · Words, { $words }. Numbers, { $scores } from the last session.
privacy-rights-patient =
    What you can do
    · /mydata · everything that is kept, in a file
    · /pause · get no questions
    · /leave · go, and have deleted what can be deleted
privacy-rights-therapist =
    What you can do
    · /mydata · what is kept about you
    · /export P-07 · take a patient’s data into the clinical record
privacy-rights-contact =
    What you can do
    · /mydata · what is kept about you
privacy-rights-stranger =
    Nothing is kept of what somebody writes who has not opened a personal link.

leave-title = Leaving
leave-stop = From then on I will not write to you. Your Telegram identifier is deleted, and so are my messages in this chat: those of the last 48 hours disappear, earlier ones become “·”. Files from /mydata that are older than 48 hours you can delete yourself.
leave-words = Your words are deleted at once.
leave-words-wait = Your words are deleted within { $span } at most. Before that, { $therapist } can take them into your clinical record.
leave-scores = The numbers, the dates and your consent stay, without your name, under the code { $code }, for { $scores }. The reason: { $reason }.
leave-scores-too = The numbers and dates are deleted too.
leave-backups = In the encrypted backups everything stays { $days } days more; then it is gone from there too.
leave-sure = I will tell { $therapist }. This changes nothing in your therapy. Do you want to leave?
legal-reason-spain = Spanish law (Ley 41/2002, art. 17.1) requires clinical records to be kept for at least five years
legal-reason = the law requires clinical records to be kept
button-leave = Yes, I want to leave
leave-not = All right: everything stays as it was.
goodbye = Done. I will not write to you any more, and my messages in this chat are being deleted.
goodbye-words = Your words have been deleted.
goodbye-words-wait = Your words are deleted on { $until } at the latest.
goodbye-scores = The numbers stay for { $scores } under the code, without a name.
goodbye-scores-too = The numbers do not stay either.
goodbye-help = If you need help now: /help

own-data-text = Everything that is kept about you, to read. It holds your words: keep it where nobody else sees it.
own-data-json = The same, for another program.

data-title = { $code } · what is kept as of { $at } ({ $city } time)
data-state = State: { $state }, since { $at }
data-therapist = Therapist: { $name }
data-settings = Language: { $language } · Time zone: { $city }
data-manner = How they are spoken to in Spanish: { $manner }
data-quiet = Quiet hours of their own: { $hours }
data-minor = Under age. Consent of the guardian: { $reference }
data-decisions = Consent
data-decision-yes = { $at } · accepted text { $version } (hash { $hash })
data-decision-no = { $at } · did not accept text { $version } (hash { $hash })
data-sessions = Sessions
data-session = { $starts } – { $ends } · { $state }
data-asked = { "  " }Asked: { $asked } · Answered: { $answered }
data-check-in-planned = still to be asked
data-check-in-open = still to be answered
data-check-in-done = answered
data-check-in-declined = preferred not to answer
data-check-in-no_session = there was no session
data-check-in-stopped = questions stopped
data-check-in-closed = no answer
data-check-in-cancelled = withdrawn
data-check-in-skipped = not asked
data-check-in-late = the question did not leave in time
data-check-in-unreachable = the question could not arrive
data-urgent-seen = { "    " }Urgent alert, seen: { $at }
data-guesses-kept = Not in this file: what the therapist noted for their own use before seeing the answers: { $count ->
    [one] { $count } number.
   *[other] { $count } numbers.
 }
data-guess = { "  " }Guessed by the therapist: { $guess }
data-pause = { "  " }Pause of 45 seconds: { $at }
data-read = { "    " }Read: { $at } · { $name }
data-exported = { "    " }Exported: { $at } · { $name }
data-exported-here = { "    " }Exported: { $at } · from the practice’s computer
data-unread = { "    " }Not read
data-messages-left = Messages left outside the questions
data-confided = Told to somebody else at the practice. The therapist does not see it.
data-told = { "    " }Told to: { $name }
data-episodes = Alerts to the therapist
data-episode = { $opened } · { $rule ->
    [item_drop] one answer has dropped
    [slide] the numbers have been going down
    [silence] no answer
   *[drop] the numbers have dropped
 } · { $state } · seen: { $seen } · talked about: { $talked } · closed: { $closed }
data-episode-note = Note: { $note }
data-episode-noted = With a note by the therapist, which is not in this file.
data-episode-open = open
data-episode-seen = seen
data-episode-talked = talked about
data-episode-repaired = repaired
data-episode-unrepaired = closed without repair
data-episode-false_alarm = that was not it
data-episode-withdrawn = withdrawn
data-records = Agreements and notes of the therapist
data-record = { $at } · { $kind } · until: { $until }
data-record-reserved = { "    " }Reserved (subjective annotation)
data-record-struck = { "    " }Undone: { $at }
data-acts = Who did what
data-act = { $at } · { $name } · { $act ->
    [recorded] noted
    [noted] noted
    [unnoted] note deleted
    [retired] retired
    [struck] struck out
    [undid] undone
    [moved] moved
    [confirmed] confirmed
    [denied] denied
    [consented] consented
    [declined] declined
    [invited] invited
    [enrolled] enrolled
    [ended] ended
    [resumed] resumed
    [paused] paused
    [cancelled] cancelled
    [called_off] called off
    [missed] did not come
    [restored] takes place after all
    [online] online
    [in_person] in person
    [cut] connection failed
    [not_cut] connection did not fail
    [seen] seen
    [saw] seen
    [talked] talked about
    [not_that] not that
    [said_repaired] repaired
    [read] read
    [exported] exported
    [asked_data] asked for the data
    [offered_pause] pause of 45 seconds offered
    [offers_no_pause] pause of 45 seconds not offered
    [left] left
    [erased] erased
    [told] told
    [raised] raised
    [contacted] contacted
    [imported] calendar read
    [named] title assigned
   *[other] { $act }
 } · { $subject ->
    [patient] patient
    [session] session
    [series] series of sessions
    [no_session] “no session”
    [record] agreement or note
    [episode] alert
    [words] words
    [disclosure] what was confided
    [concern] urgent alert
    [calendar] calendar
    [therapist] therapist
    [second_contact] second contact
    [supervisor] supervisor
    [operator] operator
   *[other] { $subject }
 }
data-rest = Messages in this chat that the bot remembers, without their content: { $messages } · still to leave: { $waiting } · entries noted so as not to repeat them: { $received }
data-words-go = The words are deleted on { $at } at the latest.
data-therapist-title = { $name } · time zone: { $city }

patient-left = { $code } has left. There will be no more questions, and the words have been deleted.
patient-left-export = { $code } has left. There will be no more questions. The words are deleted on { $until }: if the clinical record needs them, export them before. One hour after an export they are deleted; if an urgent alert is still unseen, once somebody has seen it.
button-export = Export before deletion
export-whom = Whose? Files come with everything that is kept, their words too: put them in the clinical record, then delete them from this chat.
export-more = More patients, by their code: /export P-07
button-export-all = All, together
export-text = { $code } · to read. It holds their words: put it in the clinical record, then delete it from this chat.
export-json = { $code } · the same, for another program.
export-csv = { $code } · the numbers, for a spreadsheet.
export-records = { $code } · agreements, objectives, safety markers and reviews, with their texts, for a spreadsheet.
export-fhir = { $code } · the answers, for an electronic health record (FHIR R4). It holds their words.
export-all-json = All patients · everything that is kept, for another program. It holds their words: put it in the clinical record, then delete it from this chat.
export-all-csv = All patients · the numbers, for a spreadsheet.
export-all-records = All patients · agreements, objectives, safety markers and reviews, with their texts, for a spreadsheet.
export-all-fhir = All patients · the answers, for an electronic health record (FHIR R4). It holds their words.
deletion-words = From { $day } on, { $count ->
    [one] { $count } text of { $codes } is deleted: its time is up. If the clinical record needs it, export it before: /export { $code }
   *[other] { $count } texts of { $codes } are deleted: their time is up. If the clinical record needs them, export them before: /export { $code }
 }
deletion-scores = From { $day } on, the numbers of { $count ->
    [one] { $codes }
   *[other] { $count } patients ({ $codes })
 } are deleted: their time is up. If the clinical record needs them, export them before: /export { $code }
deletion-confided = From { $day } on, { $count ->
    [one] { $count } text confided by { $codes } is deleted: its time is up. Until then it can be read in the message that brought it.
   *[other] { $count } texts confided by { $codes } are deleted: their time is up. Until then they can be read in the messages that brought them.
 } Their therapist does not get this message.
guardian-asked = { $code } is under { $age }: before the link, a guardian’s consent is needed. Write here where it is kept, for example: signed consent 12/11/2026, file 14
guardian-too-long = That reference is too long: 60 letters fit. Write only where it is kept.

## Therapist: blind guess

guess-asked-today = How do you think { $code } experienced it today?
guess-asked = The session on { $day } with { $code }: how do you think they experienced it?
guess-anchors = Understood and sense, together: 0 = not at all · 10 = completely
guess-before = Before you see the score of { $code }, { $day }: how do you think they experienced it?
guess-noted = { $code } · { $day }: guess noted, { $guess }.
guess-mend = Until the score is seen, another number takes its place.
guess-skipped = { $code } · { $day }: no guess.
guess-seen = { $code } · { $day }: the score has been seen; the guess is not needed.
guess-over = { $code } · { $day }: the guess is no longer needed.
guess-score = { $code } · { $day }: { $mean }
guess-compared = { $code } · { $day }: { $mean }. The guess was { $guess }.
guess-gap = your guesses are { $direction ->
    [higher] { $points } higher
    [lower] { $points } lower
   *[close] close
 }, on average ({ $count } sessions)
button-see-now = I would rather see it now
button-guess = Guess the session
button-guess-line = Guess: { $code }, { $day }
digest-line-to-guess = { $code } · to be guessed · { $day }
digest-gaps = Blind guesses:
digest-gap = { $code } · { $gap }

## Therapist: a patient's page

patient-line-to-guess = { $code } · { $state } · to be guessed
patient-page-last = Last alliance: { $mean } ({ $day })
patient-page-to-guess = Last alliance: to be guessed.
patient-page-no-answer = Last alliance: no answers yet.
patient-page-gap = Blind guesses: { $gap }.
patient-page-pause-on = Pause of 45 seconds: offered.
patient-page-pause-off = Pause of 45 seconds: not offered.
patient-page-pause = It is a button at the end of the questions when one of the first two is 4 or less: feet on the floor, looking, listening, breathing out slowly. Using it is up to each patient, and no notice of it is sent.
button-offer-pause = Offer the pause
button-no-pause = Do not offer the pause
button-page-before = Previous
button-page-after = Next

## Pause of 45 seconds

pause-offered = If you want to stop for a moment, there is a pause of 45 seconds here. If not, there is nothing to do.
button-pause = A pause of 45 seconds
pause-step = { $place } of { $places } · { $step }
pause-step-1 = Put your feet on the floor and notice where they touch it.
pause-step-2 = Look around, without hurry. Pick three things you see.
pause-step-3 = Listen for a sound close by, and for one from far away.
pause-step-4 = Let your breath out slowly, as if to mist a window.
pause-step-5 = Let the air come in by itself, and let it out slowly again.
button-stop-pause = Stop
pause-done = Done. You can stay a moment longer or close the chat. If you need help now: /help
pause-stopped = All right, that is enough. You can stay a moment longer or close the chat. If you need help now: /help
