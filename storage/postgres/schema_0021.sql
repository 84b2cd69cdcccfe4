-- The schema of revision 0021 in PostgreSQL's words: where a database on a server begins.  Revisions after it run on both engines.
-- That it is the same schema as the file's is held by tests/storage/test_postgres_schema.py.  Never changed: what changes is a revision.

CREATE TABLE alarms (
    id BIGSERIAL NOT NULL,
    kind VARCHAR(20) COLLATE "C" NOT NULL,
    since_at VARCHAR(27) COLLATE "C" NOT NULL,
    told_at VARCHAR(27) COLLATE "C" NOT NULL,
    over_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_alarms PRIMARY KEY (id),
    CONSTRAINT ck_alarms_kind CHECK (kind IN ('silent', 'refused', 'database', 'unsent', 'parked', 'backup', 'chore', 'disk'))
);
CREATE UNIQUE INDEX uq_alarms_lasting ON alarms (kind) WHERE over_at IS NULL;

CREATE TABLE audit (
    id BIGSERIAL NOT NULL,
    at VARCHAR(27) COLLATE "C" NOT NULL,
    actor BIGINT,
    act VARCHAR(40) COLLATE "C" NOT NULL,
    subject VARCHAR(20) COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    patient_id BIGINT,
    CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE INDEX ix_audit_patient_id ON audit (patient_id);

CREATE TABLE chores (
    name VARCHAR(40) COLLATE "C" NOT NULL,
    next_at VARCHAR(27) COLLATE "C",
    last_at VARCHAR(27) COLLATE "C",
    attempts BIGINT DEFAULT '0' NOT NULL,
    last_error VARCHAR(200) COLLATE "C",
    CONSTRAINT pk_chores PRIMARY KEY (name)
);
CREATE INDEX ix_chores_next_at ON chores (next_at);

CREATE TABLE facts (
    name VARCHAR(60) COLLATE "C" NOT NULL,
    value VARCHAR(200) COLLATE "C" NOT NULL,
    CONSTRAINT pk_facts PRIMARY KEY (name)
);

CREATE TABLE failed_starts (
    id BIGSERIAL NOT NULL,
    chat_ref BYTEA NOT NULL,
    at VARCHAR(27) COLLATE "C" NOT NULL,
    CONSTRAINT pk_failed_starts PRIMARY KEY (id)
);
CREATE INDEX ix_failed_starts_at ON failed_starts (at);
CREATE INDEX ix_failed_starts_chat_ref_at ON failed_starts (chat_ref, at);

CREATE TABLE inbox (
    id BIGSERIAL NOT NULL,
    key_ref BYTEA NOT NULL,
    lane_ref BYTEA NOT NULL,
    body BYTEA,
    received_at VARCHAR(27) COLLATE "C" NOT NULL,
    attempts BIGINT DEFAULT '0' NOT NULL,
    again_at VARCHAR(27) COLLATE "C",
    done_at VARCHAR(27) COLLATE "C",
    parked_at VARCHAR(27) COLLATE "C",
    last_error VARCHAR(200) COLLATE "C",
    applied_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_inbox PRIMARY KEY (id),
    CONSTRAINT uq_inbox_key_ref UNIQUE (key_ref)
);
CREATE INDEX ix_inbox_again ON inbox (again_at, lane_ref) WHERE done_at IS NULL AND parked_at IS NULL AND again_at IS NOT NULL;
CREATE INDEX ix_inbox_lanes ON inbox (lane_ref, id, again_at) WHERE done_at IS NULL AND parked_at IS NULL;
CREATE INDEX ix_inbox_parked ON inbox (parked_at) WHERE parked_at IS NOT NULL;

CREATE TABLE people (
    id BIGSERIAL NOT NULL,
    chat BYTEA NOT NULL,
    chat_ref BYTEA NOT NULL,
    language VARCHAR(20) COLLATE "C" NOT NULL,
    register VARCHAR(20) COLLATE "C" NOT NULL,
    form VARCHAR(20) COLLATE "C" NOT NULL,
    zone VARCHAR(64) COLLATE "C" NOT NULL,
    unreachable_at VARCHAR(27) COLLATE "C",
    forget_at VARCHAR(27) COLLATE "C",
    quiet_from VARCHAR(5) COLLATE "C",
    quiet_until VARCHAR(5) COLLATE "C",
    region VARCHAR(20) COLLATE "C" DEFAULT 'spain' NOT NULL,
    CONSTRAINT pk_people PRIMARY KEY (id),
    CONSTRAINT ck_people_quiet CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
    CONSTRAINT ck_people_language CHECK (language IN ('es', 'en')),
    CONSTRAINT ck_people_register CHECK (register IN ('usted', 'tu', 'vos')),
    CONSTRAINT ck_people_form CHECK (form IN ('comprendido', 'comprendida', 'neutral')),
    CONSTRAINT ck_people_region CHECK (region IN ('spain', 'americas')),
    CONSTRAINT uq_people_chat_ref UNIQUE (chat_ref)
);
CREATE INDEX ix_people_forget_at ON people (forget_at);

CREATE TABLE vault (
    id BIGSERIAL NOT NULL CONSTRAINT ck_vault_single CHECK (id = 1),
    proof BYTEA NOT NULL,
    CONSTRAINT pk_vault PRIMARY KEY (id)
);

CREATE TABLE contacts (
    id BIGSERIAL NOT NULL,
    person_id BIGINT NOT NULL,
    role VARCHAR(20) COLLATE "C" NOT NULL,
    name BYTEA NOT NULL,
    article VARCHAR(20) COLLATE "C" NOT NULL,
    since_at VARCHAR(27) COLLATE "C" NOT NULL,
    ended_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_contacts PRIMARY KEY (id),
    CONSTRAINT uq_contacts_person_id_role UNIQUE (person_id, role),
    CONSTRAINT ck_contacts_role CHECK (role IN ('second_contact', 'supervisor', 'operator')),
    CONSTRAINT ck_contacts_article CHECK (article IN ('la', 'el', 'none')),
    CONSTRAINT fk_contacts_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);

CREATE TABLE deletions (
    id BIGSERIAL NOT NULL,
    person_id BIGINT NOT NULL,
    kind VARCHAR(20) COLLATE "C" NOT NULL,
    before_at VARCHAR(27) COLLATE "C" NOT NULL,
    delete_at VARCHAR(27) COLLATE "C" NOT NULL,
    first_told_at VARCHAR(27) COLLATE "C",
    second_told_at VARCHAR(27) COLLATE "C",
    done_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_deletions PRIMARY KEY (id),
    CONSTRAINT ck_deletions_kind CHECK (kind IN ('words', 'scores', 'confided')),
    CONSTRAINT fk_deletions_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX ix_deletions_person_id ON deletions (person_id);

CREATE TABLE patients (
    id BIGSERIAL NOT NULL,
    code VARCHAR(16) COLLATE "C" NOT NULL,
    person_id BIGINT,
    state VARCHAR(20) COLLATE "C" NOT NULL,
    state_at VARCHAR(27) COLLATE "C" NOT NULL,
    minor BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_patients_minor CHECK (minor IN (0, 1)),
    guardian BYTEA,
    guardian_asked_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_patients PRIMARY KEY (id),
    CONSTRAINT ck_patients_state CHECK (state IN ('invited', 'active', 'declined', 'paused', 'unreachable', 'left')),
    CONSTRAINT uq_patients_code UNIQUE (code),
    CONSTRAINT fk_patients_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE INDEX ix_patients_person_id ON patients (person_id);

CREATE TABLE sent_messages (
    person_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    sent_at VARCHAR(27) COLLATE "C" NOT NULL,
    CONSTRAINT pk_sent_messages PRIMARY KEY (person_id, message_id),
    CONSTRAINT fk_sent_messages_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE INDEX ix_sent_messages_sent_at ON sent_messages (sent_at);

CREATE TABLE therapists (
    id BIGSERIAL NOT NULL,
    person_id BIGINT NOT NULL,
    name BYTEA NOT NULL,
    article VARCHAR(20) COLLATE "C" NOT NULL,
    enrolled_at VARCHAR(27) COLLATE "C" NOT NULL,
    digest_at VARCHAR(27) COLLATE "C" NOT NULL,
    digested_at VARCHAR(27) COLLATE "C",
    works_from VARCHAR(5) COLLATE "C",
    works_until VARCHAR(5) COLLATE "C",
    CONSTRAINT pk_therapists PRIMARY KEY (id),
    CONSTRAINT ck_therapists_article CHECK (article IN ('la', 'el', 'none')),
    CONSTRAINT ck_therapists_working CHECK ((works_from IS NULL) = (works_until IS NULL)),
    CONSTRAINT uq_therapists_person_id UNIQUE (person_id),
    CONSTRAINT fk_therapists_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE INDEX ix_therapists_digest_at ON therapists (digest_at);

CREATE TABLE calendar_titles (
    id BIGSERIAL NOT NULL,
    therapist_id BIGINT NOT NULL,
    title_ref BYTEA NOT NULL,
    patient_id BIGINT,
    chosen_at VARCHAR(27) COLLATE "C" NOT NULL,
    CONSTRAINT pk_calendar_titles PRIMARY KEY (id),
    CONSTRAINT uq_calendar_titles_therapist_id_title_ref UNIQUE (therapist_id, title_ref),
    CONSTRAINT fk_calendar_titles_therapist_id FOREIGN KEY(therapist_id) REFERENCES therapists (id),
    CONSTRAINT fk_calendar_titles_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE INDEX ix_calendar_titles_patient_id ON calendar_titles (patient_id);

CREATE TABLE calendar_waiting (
    id BIGSERIAL NOT NULL,
    therapist_id BIGINT NOT NULL,
    title_ref BYTEA NOT NULL,
    calendar_ref BYTEA NOT NULL,
    starts_at VARCHAR(27) COLLATE "C" NOT NULL,
    ends_at VARCHAR(27) COLLATE "C" NOT NULL,
    asked_at VARCHAR(27) COLLATE "C" NOT NULL,
    CONSTRAINT pk_calendar_waiting PRIMARY KEY (id),
    CONSTRAINT uq_calendar_waiting_therapist_id_calendar_ref UNIQUE (therapist_id, calendar_ref),
    CONSTRAINT fk_calendar_waiting_therapist_id FOREIGN KEY(therapist_id) REFERENCES therapists (id)
);
CREATE INDEX ix_calendar_waiting_asked_at ON calendar_waiting (asked_at);
CREATE INDEX ix_calendar_waiting_therapist_id_title_ref ON calendar_waiting (therapist_id, title_ref);

CREATE TABLE consents (
    id BIGSERIAL NOT NULL,
    patient_id BIGINT NOT NULL,
    version VARCHAR(40) COLLATE "C" NOT NULL,
    text_hash VARCHAR(64) COLLATE "C" NOT NULL,
    language VARCHAR(20) COLLATE "C" NOT NULL,
    decided_at VARCHAR(27) COLLATE "C" NOT NULL,
    accepted BIGINT NOT NULL CONSTRAINT ck_consents_accepted CHECK (accepted IN (0, 1)),
    guardian BYTEA,
    CONSTRAINT pk_consents PRIMARY KEY (id),
    CONSTRAINT fk_consents_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE INDEX ix_consents_patient_id ON consents (patient_id);

CREATE TABLE deletion_patients (
    deletion_id BIGINT NOT NULL,
    patient_id BIGINT NOT NULL,
    CONSTRAINT pk_deletion_patients PRIMARY KEY (deletion_id, patient_id),
    CONSTRAINT fk_deletion_patients_deletion_id FOREIGN KEY(deletion_id) REFERENCES deletions (id) ON DELETE CASCADE,
    CONSTRAINT fk_deletion_patients_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
);
CREATE INDEX ix_deletion_patients_patient_id ON deletion_patients (patient_id);

CREATE TABLE disclosures (
    id BIGSERIAL NOT NULL,
    patient_id BIGINT NOT NULL,
    body BYTEA NOT NULL,
    source_ref BYTEA NOT NULL,
    told_at VARCHAR(27) COLLATE "C" NOT NULL,
    CONSTRAINT pk_disclosures PRIMARY KEY (id),
    CONSTRAINT fk_disclosures_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT uq_disclosures_source_ref UNIQUE (source_ref)
);
CREATE INDEX ix_disclosures_patient_id ON disclosures (patient_id);

CREATE TABLE erasures (
    patient_id BIGINT NOT NULL,
    keep_scores BIGINT NOT NULL CONSTRAINT ck_erasures_keep_scores CHECK (keep_scores IN (0, 1)),
    left_at VARCHAR(27) COLLATE "C" NOT NULL,
    export_until VARCHAR(27) COLLATE "C" NOT NULL,
    exported_at VARCHAR(27) COLLATE "C",
    next_at VARCHAR(27) COLLATE "C" NOT NULL,
    CONSTRAINT pk_erasures PRIMARY KEY (patient_id),
    CONSTRAINT fk_erasures_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE INDEX ix_erasures_next_at ON erasures (next_at);

CREATE TABLE invitations (
    id BIGSERIAL NOT NULL,
    role VARCHAR(20) COLLATE "C" NOT NULL,
    token_ref BYTEA NOT NULL,
    name BYTEA NOT NULL,
    patient_id BIGINT,
    created_at VARCHAR(27) COLLATE "C" NOT NULL,
    expires_at VARCHAR(27) COLLATE "C" NOT NULL,
    opened_by BIGINT,
    opened_at VARCHAR(27) COLLATE "C",
    used_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_invitations PRIMARY KEY (id),
    CONSTRAINT ck_invitations_role CHECK (role IN ('therapist', 'patient', 'second_contact', 'supervisor', 'operator')),
    CONSTRAINT ck_invitations_whose CHECK ((role = 'patient') = (patient_id IS NOT NULL)),
    CONSTRAINT uq_invitations_token_ref UNIQUE (token_ref),
    CONSTRAINT fk_invitations_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT fk_invitations_opened_by FOREIGN KEY(opened_by) REFERENCES people (id)
);
CREATE INDEX ix_invitations_opened_by ON invitations (opened_by);
CREATE INDEX ix_invitations_patient_id ON invitations (patient_id);

CREATE TABLE record_lines (
    therapist_id BIGINT NOT NULL,
    patient_id BIGINT NOT NULL,
    kind VARCHAR(20) COLLATE "C" NOT NULL,
    asked_at VARCHAR(27) COLLATE "C" NOT NULL,
    until_at VARCHAR(27) COLLATE "C" NOT NULL,
    CONSTRAINT pk_record_lines PRIMARY KEY (therapist_id),
    CONSTRAINT ck_record_lines_kind CHECK (kind IN ('agreement', 'objective', 'marker', 'review')),
    CONSTRAINT fk_record_lines_therapist_id FOREIGN KEY(therapist_id) REFERENCES therapists (id),
    CONSTRAINT fk_record_lines_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE INDEX ix_record_lines_patient_id ON record_lines (patient_id);

CREATE TABLE treatments (
    id BIGSERIAL NOT NULL,
    patient_id BIGINT NOT NULL,
    therapist_id BIGINT NOT NULL,
    started_at VARCHAR(27) COLLATE "C" NOT NULL,
    pause_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_treatments PRIMARY KEY (id),
    CONSTRAINT uq_treatments_patient_id_therapist_id UNIQUE (patient_id, therapist_id),
    CONSTRAINT fk_treatments_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT fk_treatments_therapist_id FOREIGN KEY(therapist_id) REFERENCES therapists (id)
);
CREATE INDEX ix_treatments_therapist_id ON treatments (therapist_id);

CREATE TABLE disclosure_contacts (
    disclosure_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    CONSTRAINT pk_disclosure_contacts PRIMARY KEY (disclosure_id, person_id),
    CONSTRAINT fk_disclosure_contacts_disclosure_id FOREIGN KEY(disclosure_id) REFERENCES disclosures (id) ON DELETE CASCADE,
    CONSTRAINT fk_disclosure_contacts_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX ix_disclosure_contacts_person_id ON disclosure_contacts (person_id);

CREATE TABLE records (
    id BIGSERIAL NOT NULL,
    treatment_id BIGINT NOT NULL,
    kind VARCHAR(20) COLLATE "C" NOT NULL,
    body BYTEA,
    source_ref BYTEA NOT NULL,
    recorded_at VARCHAR(27) COLLATE "C" NOT NULL,
    replaces_id BIGINT,
    ended_at VARCHAR(27) COLLATE "C",
    struck_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_records PRIMARY KEY (id),
    CONSTRAINT ck_records_kind CHECK (kind IN ('agreement', 'objective', 'marker', 'review')),
    CONSTRAINT ck_records_struck CHECK (body IS NOT NULL OR struck_at IS NOT NULL),
    CONSTRAINT fk_records_treatment_id FOREIGN KEY(treatment_id) REFERENCES treatments (id),
    CONSTRAINT uq_records_source_ref UNIQUE (source_ref),
    CONSTRAINT fk_records_replaces_id FOREIGN KEY(replaces_id) REFERENCES records (id) ON DELETE SET NULL
);
CREATE INDEX ix_records_replaces_id ON records (replaces_id);
CREATE INDEX ix_records_treatment_id_kind_recorded_at ON records (treatment_id, kind, recorded_at);
CREATE UNIQUE INDEX uq_records_agreement ON records (treatment_id) WHERE kind = 'agreement' AND ended_at IS NULL AND struck_at IS NULL;

CREATE TABLE series (
    id BIGSERIAL NOT NULL,
    treatment_id BIGINT NOT NULL,
    first_on VARCHAR(10) COLLATE "C" NOT NULL,
    at_wall VARCHAR(5) COLLATE "C" NOT NULL,
    minutes BIGINT NOT NULL CONSTRAINT ck_series_minutes CHECK (minutes BETWEEN 1 AND 1440),
    weekdays VARCHAR(13) COLLATE "C" NOT NULL,
    every_weeks BIGINT NOT NULL CONSTRAINT ck_series_every CHECK (every_weeks BETWEEN 1 AND 12),
    until_on VARCHAR(10) COLLATE "C",
    count BIGINT CONSTRAINT ck_series_count CHECK (count BETWEEN 1 AND 1000),
    zone VARCHAR(64) COLLATE "C" NOT NULL,
    made_until VARCHAR(10) COLLATE "C",
    ended_at VARCHAR(27) COLLATE "C",
    noted_at VARCHAR(27) COLLATE "C" NOT NULL,
    replaces_id BIGINT,
    split_from_id BIGINT,
    CONSTRAINT pk_series PRIMARY KEY (id),
    CONSTRAINT fk_series_treatment_id FOREIGN KEY(treatment_id) REFERENCES treatments (id),
    CONSTRAINT fk_series_replaces_id FOREIGN KEY(replaces_id) REFERENCES series (id),
    CONSTRAINT fk_series_split_from_id FOREIGN KEY(split_from_id) REFERENCES series (id)
);
CREATE INDEX ix_series_replaces_id ON series (replaces_id);
CREATE INDEX ix_series_split_from_id ON series (split_from_id);
CREATE INDEX ix_series_to_make ON series (made_until) WHERE ended_at IS NULL;
CREATE INDEX ix_series_treatment_id ON series (treatment_id);

CREATE TABLE sessions (
    id BIGSERIAL NOT NULL,
    treatment_id BIGINT NOT NULL,
    starts_at VARCHAR(27) COLLATE "C" NOT NULL,
    ends_at VARCHAR(27) COLLATE "C" NOT NULL,
    state VARCHAR(20) COLLATE "C" NOT NULL,
    noted_at VARCHAR(27) COLLATE "C" NOT NULL,
    series_id BIGINT,
    occurs_on VARCHAR(10) COLLATE "C",
    place VARCHAR(20) COLLATE "C",
    cut BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_sessions_cut CHECK (cut IN (0, 1)),
    calendar_ref BYTEA,
    calendar_starts_at VARCHAR(27) COLLATE "C",
    calendar_ends_at VARCHAR(27) COLLATE "C",
    taken_back_at VARCHAR(27) COLLATE "C",
    note_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT ck_sessions_order CHECK (starts_at <= ends_at),
    CONSTRAINT ck_sessions_occurrence CHECK ((series_id IS NULL) = (occurs_on IS NULL)),
    CONSTRAINT ck_sessions_state CHECK (state IN ('planned', 'cancelled', 'missed')),
    CONSTRAINT ck_sessions_place CHECK (place IN ('online', 'in_person')),
    CONSTRAINT fk_sessions_treatment_id FOREIGN KEY(treatment_id) REFERENCES treatments (id),
    CONSTRAINT fk_sessions_series_id FOREIGN KEY(series_id) REFERENCES series (id)
);
CREATE INDEX ix_sessions_note_at ON sessions (note_at);
CREATE INDEX ix_sessions_treatment_id_starts_at ON sessions (treatment_id, starts_at);
CREATE UNIQUE INDEX uq_sessions_calendar ON sessions (treatment_id, calendar_ref);
CREATE UNIQUE INDEX uq_sessions_occurrence ON sessions (series_id, occurs_on);

CREATE TABLE check_ins (
    id BIGSERIAL NOT NULL,
    session_id BIGINT NOT NULL,
    state VARCHAR(20) COLLATE "C" NOT NULL,
    step VARCHAR(20) COLLATE "C" NOT NULL,
    items VARCHAR(60) COLLATE "C" NOT NULL,
    has_words BIGINT DEFAULT '0' NOT NULL,
    text_version VARCHAR(60) COLLATE "C",
    due_at VARCHAR(27) COLLATE "C" NOT NULL,
    planned_at VARCHAR(27) COLLATE "C",
    asked_at VARCHAR(27) COLLATE "C",
    sent_at VARCHAR(27) COLLATE "C",
    opened_at VARCHAR(27) COLLATE "C",
    touched_at VARCHAR(27) COLLATE "C",
    answered_at VARCHAR(27) COLLATE "C",
    done_at VARCHAR(27) COLLATE "C",
    corrected_at VARCHAR(27) COLLATE "C",
    ask_again_at VARCHAR(27) COLLATE "C",
    remind_at VARCHAR(27) COLLATE "C",
    closes_at VARCHAR(27) COLLATE "C",
    settles_at VARCHAR(27) COLLATE "C",
    next_at VARCHAR(27) COLLATE "C",
    shown VARCHAR(20) COLLATE "C",
    message_id BIGINT,
    lag_at VARCHAR(27) COLLATE "C",
    taken_up VARCHAR(20) COLLATE "C",
    CONSTRAINT pk_check_ins PRIMARY KEY (id),
    CONSTRAINT ck_check_ins_taken_up CHECK (taken_up IN ('asked', 'yes', 'no', 'not_needed')),
    CONSTRAINT ck_check_ins_state CHECK (state IN ('planned', 'open', 'done', 'declined', 'no_session', 'stopped', 'closed', 'cancelled', 'skipped', 'unreachable', 'late')),
    CONSTRAINT ck_check_ins_step CHECK (step IN ('understood', 'sense', 'pending', 'pending_words', 'taken_up', 'reflection', 'summary')),
    CONSTRAINT ck_check_ins_items CHECK (items IN ('understood,sense,pending', 'understood,sense')),
    CONSTRAINT uq_check_ins_session_id UNIQUE (session_id),
    CONSTRAINT fk_check_ins_session_id FOREIGN KEY(session_id) REFERENCES sessions (id)
);
CREATE INDEX ix_check_ins_lag_at ON check_ins (lag_at) WHERE lag_at IS NOT NULL;
CREATE INDEX ix_check_ins_next_at ON check_ins (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX ix_check_ins_settles_at ON check_ins (settles_at) WHERE settles_at IS NOT NULL;

CREATE TABLE answers (
    check_in_id BIGINT NOT NULL,
    item VARCHAR(20) COLLATE "C" NOT NULL,
    score BIGINT NOT NULL,
    scored_at VARCHAR(27) COLLATE "C" NOT NULL,
    CONSTRAINT pk_answers PRIMARY KEY (check_in_id, item),
    CONSTRAINT ck_answers_score CHECK (score BETWEEN 0 AND 10 AND score = CAST(score AS INTEGER)),
    CONSTRAINT ck_answers_item CHECK (item IN ('understood', 'sense', 'pending')),
    CONSTRAINT fk_answers_check_in_id FOREIGN KEY(check_in_id) REFERENCES check_ins (id)
);

CREATE TABLE episodes (
    id BIGSERIAL NOT NULL,
    treatment_id BIGINT NOT NULL,
    rule VARCHAR(20) COLLATE "C" NOT NULL,
    family VARCHAR(20) COLLATE "C" NOT NULL,
    state VARCHAR(20) COLLATE "C" NOT NULL,
    previous_id BIGINT,
    current_id BIGINT NOT NULL,
    level_before BIGINT CONSTRAINT ck_episodes_level CHECK (level_before BETWEEN 0 AND 20),
    opened_at VARCHAR(27) COLLATE "C" NOT NULL,
    next_at VARCHAR(27) COLLATE "C",
    repeated_at VARCHAR(27) COLLATE "C",
    acknowledged_at VARCHAR(27) COLLATE "C",
    talked_at VARCHAR(27) COLLATE "C",
    closed_at VARCHAR(27) COLLATE "C",
    note BYTEA,
    note_until VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_episodes PRIMARY KEY (id),
    CONSTRAINT ck_episodes_rule CHECK (rule IN ('drop', 'item_drop', 'slide', 'silence')),
    CONSTRAINT ck_episodes_family CHECK (family IN ('fall', 'slide', 'silence')),
    CONSTRAINT ck_episodes_state CHECK (state IN ('open', 'seen', 'talked', 'repaired', 'unrepaired', 'false_alarm', 'withdrawn')),
    CONSTRAINT ck_episodes_measured CHECK ((family = 'silence') = (level_before IS NULL)),
    CONSTRAINT fk_episodes_treatment_id FOREIGN KEY(treatment_id) REFERENCES treatments (id),
    CONSTRAINT fk_episodes_previous_id FOREIGN KEY(previous_id) REFERENCES check_ins (id),
    CONSTRAINT fk_episodes_current_id FOREIGN KEY(current_id) REFERENCES check_ins (id)
);
CREATE INDEX ix_episodes_next_at ON episodes (next_at);
CREATE INDEX ix_episodes_treatment_id ON episodes (treatment_id);
CREATE UNIQUE INDEX uq_episodes_live ON episodes (treatment_id, family) WHERE state IN ('open', 'seen', 'talked');

CREATE TABLE guesses (
    id BIGSERIAL NOT NULL,
    check_in_id BIGINT NOT NULL,
    state VARCHAR(20) COLLATE "C" NOT NULL,
    asked_at VARCHAR(27) COLLATE "C" NOT NULL,
    lapses_at VARCHAR(27) COLLATE "C" NOT NULL,
    next_at VARCHAR(27) COLLATE "C",
    guessed BIGINT CONSTRAINT ck_guesses_guessed CHECK (guessed BETWEEN 0 AND 10),
    guessed_at VARCHAR(27) COLLATE "C",
    shown_at VARCHAR(27) COLLATE "C",
    ended_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_guesses PRIMARY KEY (id),
    CONSTRAINT ck_guesses_given CHECK ((guessed IS NULL) = (guessed_at IS NULL)),
    CONSTRAINT ck_guesses_state CHECK (state IN ('open', 'given', 'skipped', 'lapsed', 'seen', 'withdrawn')),
    CONSTRAINT uq_guesses_check_in_id UNIQUE (check_in_id),
    CONSTRAINT fk_guesses_check_in_id FOREIGN KEY(check_in_id) REFERENCES check_ins (id)
);
CREATE INDEX ix_guesses_next_at ON guesses (next_at);

CREATE TABLE outbox (
    id BIGSERIAL NOT NULL,
    key VARCHAR(120) COLLATE "C" NOT NULL,
    person_id BIGINT NOT NULL,
    kind VARCHAR(30) COLLATE "C" NOT NULL,
    body BYTEA,
    check_in_id BIGINT,
    urgency BIGINT NOT NULL CONSTRAINT ck_outbox_urgency CHECK (urgency BETWEEN 0 AND 3),
    due_at VARCHAR(27) COLLATE "C" NOT NULL,
    not_after VARCHAR(27) COLLATE "C",
    attempts BIGINT DEFAULT '0' NOT NULL,
    last_error VARCHAR(200) COLLATE "C",
    sent_at VARCHAR(27) COLLATE "C",
    gave_up_at VARCHAR(27) COLLATE "C",
    message_id BIGINT,
    faults BIGINT DEFAULT '0' NOT NULL,
    parked_at VARCHAR(27) COLLATE "C",
    wanted_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT uq_outbox_key UNIQUE (key),
    CONSTRAINT fk_outbox_person_id FOREIGN KEY(person_id) REFERENCES people (id),
    CONSTRAINT fk_outbox_check_in_id FOREIGN KEY(check_in_id) REFERENCES check_ins (id)
);
CREATE INDEX ix_outbox_check_in ON outbox (check_in_id) WHERE sent_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX ix_outbox_due ON outbox (urgency, due_at, id) WHERE sent_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX ix_outbox_parked ON outbox (parked_at) WHERE parked_at IS NOT NULL;
CREATE INDEX ix_outbox_person_id ON outbox (person_id);
CREATE INDEX ix_outbox_waiting ON outbox (due_at) WHERE sent_at IS NULL AND gave_up_at IS NULL;

CREATE TABLE pauses (
    id BIGSERIAL NOT NULL,
    check_in_id BIGINT NOT NULL,
    started_at VARCHAR(27) COLLATE "C" NOT NULL,
    step BIGINT NOT NULL CONSTRAINT ck_pauses_step CHECK (step BETWEEN 0 AND 4),
    next_at VARCHAR(27) COLLATE "C",
    ended_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_pauses PRIMARY KEY (id),
    CONSTRAINT uq_pauses_check_in_id UNIQUE (check_in_id),
    CONSTRAINT fk_pauses_check_in_id FOREIGN KEY(check_in_id) REFERENCES check_ins (id)
);
CREATE INDEX ix_pauses_next_at ON pauses (next_at);

CREATE TABLE words (
    id BIGSERIAL NOT NULL,
    patient_id BIGINT NOT NULL,
    check_in_id BIGINT,
    kind VARCHAR(20) COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    source_ref BYTEA NOT NULL,
    written_at VARCHAR(27) COLLATE "C" NOT NULL,
    changed_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_words PRIMARY KEY (id),
    CONSTRAINT ck_words_kind CHECK (kind IN ('reflection', 'pending', 'message', 'crisis')),
    CONSTRAINT fk_words_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT fk_words_check_in_id FOREIGN KEY(check_in_id) REFERENCES check_ins (id),
    CONSTRAINT uq_words_source_ref UNIQUE (source_ref)
);
CREATE INDEX ix_words_check_in_id ON words (check_in_id);
CREATE INDEX ix_words_patient_id ON words (patient_id);

CREATE TABLE alerts (
    id BIGSERIAL NOT NULL,
    episode_id BIGINT NOT NULL,
    rule VARCHAR(20) COLLATE "C" NOT NULL,
    family VARCHAR(20) COLLATE "C" NOT NULL,
    previous_id BIGINT,
    check_in_id BIGINT NOT NULL,
    lost BIGINT CONSTRAINT ck_alerts_lost CHECK (lost BETWEEN 0 AND 20),
    count BIGINT NOT NULL CONSTRAINT ck_alerts_count CHECK (count >= 1),
    raised_at VARCHAR(27) COLLATE "C" NOT NULL,
    withdrawn_at VARCHAR(27) COLLATE "C",
    CONSTRAINT pk_alerts PRIMARY KEY (id),
    CONSTRAINT ck_alerts_rule CHECK (rule IN ('drop', 'item_drop', 'slide', 'silence')),
    CONSTRAINT ck_alerts_family CHECK (family IN ('fall', 'slide', 'silence')),
    CONSTRAINT uq_alerts_check_in_id_family UNIQUE (check_in_id, family),
    CONSTRAINT fk_alerts_episode_id FOREIGN KEY(episode_id) REFERENCES episodes (id),
    CONSTRAINT fk_alerts_previous_id FOREIGN KEY(previous_id) REFERENCES check_ins (id),
    CONSTRAINT fk_alerts_check_in_id FOREIGN KEY(check_in_id) REFERENCES check_ins (id)
);
CREATE INDEX ix_alerts_episode_id ON alerts (episode_id);

CREATE TABLE concerns (
    id BIGSERIAL NOT NULL,
    patient_id BIGINT NOT NULL,
    words_id BIGINT NOT NULL,
    opened_at VARCHAR(27) COLLATE "C" NOT NULL,
    next_at VARCHAR(27) COLLATE "C",
    second_at VARCHAR(27) COLLATE "C",
    seen_at VARCHAR(27) COLLATE "C",
    seen_by BIGINT,
    contacted_at VARCHAR(27) COLLATE "C",
    contacted_by BIGINT,
    note_until VARCHAR(27) COLLATE "C",
    note BYTEA,
    negated BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_concerns_negated CHECK (negated IN (0, 1)),
    CONSTRAINT pk_concerns PRIMARY KEY (id),
    CONSTRAINT fk_concerns_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT uq_concerns_words_id UNIQUE (words_id),
    CONSTRAINT fk_concerns_words_id FOREIGN KEY(words_id) REFERENCES words (id),
    CONSTRAINT fk_concerns_seen_by FOREIGN KEY(seen_by) REFERENCES people (id),
    CONSTRAINT fk_concerns_contacted_by FOREIGN KEY(contacted_by) REFERENCES people (id)
);
CREATE INDEX ix_concerns_contacted_by ON concerns (contacted_by);
CREATE INDEX ix_concerns_next_at ON concerns (next_at);
CREATE INDEX ix_concerns_patient_id ON concerns (patient_id);

CREATE TABLE concern_steps (
    id BIGSERIAL NOT NULL,
    concern_id BIGINT NOT NULL,
    at VARCHAR(27) COLLATE "C" NOT NULL,
    step VARCHAR(20) COLLATE "C" NOT NULL,
    person_id BIGINT,
    CONSTRAINT pk_concern_steps PRIMARY KEY (id),
    CONSTRAINT ck_concern_steps_step CHECK (step IN ('opened', 'card_left', 'stopped', 'told', 'repeated', 'second_told', 'operator_told', 'delivered', 'undeliverable', 'nobody_left', 'seen', 'contacted', 'noted', 'said_kept', 'said_reached', 'said_elsewhere', 'said_nobody')),
    CONSTRAINT fk_concern_steps_concern_id FOREIGN KEY(concern_id) REFERENCES concerns (id) ON DELETE CASCADE,
    CONSTRAINT fk_concern_steps_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE SET NULL
);
CREATE INDEX ix_concern_steps_concern_id_at ON concern_steps (concern_id, at);

CREATE FUNCTION microchequeo_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END
$$;
CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION microchequeo_refuses('the audit is append-only');
CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION microchequeo_refuses('the audit is append-only');
CREATE TRIGGER audit_refuses_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION microchequeo_refuses('the audit is append-only');
CREATE TRIGGER concern_steps_refuses_update BEFORE UPDATE ON concern_steps
    FOR EACH ROW
    WHEN (NEW.person_id IS NOT NULL
          OR (NEW.id, NEW.concern_id, NEW.at, NEW.step) IS DISTINCT FROM (OLD.id, OLD.concern_id, OLD.at, OLD.step))
    EXECUTE FUNCTION microchequeo_refuses('steps are append-only; a person may only be forgotten');
