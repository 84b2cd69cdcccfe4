"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "failed_starts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_ref", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_starts")),
    )
    op.create_index(op.f("ix_failed_starts_chat_ref_at"), "failed_starts", ["chat_ref", "at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_ref", sa.LargeBinary(), nullable=False),
        sa.Column("lane_ref", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("again_at", sa.String(length=27), nullable=True),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.Column("parked_at", sa.String(length=27), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("key_ref", name=op.f("uq_inbox_key_ref")),
    )
    op.create_index(
        "ix_inbox_unworked",
        "inbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.LargeBinary(), nullable=False),
        sa.Column("chat_ref", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("unreachable_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("form IN ('comprendido', 'comprendida', 'neutral')", name=op.f("ck_people_form")),
        sa.CheckConstraint("language IN ('es', 'en')", name=op.f("ck_people_language")),
        sa.CheckConstraint("register IN ('usted', 'tu', 'vos')", name=op.f("ck_people_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("chat_ref", name=op.f("uq_people_chat_ref")),
    )
    op.create_table(
        "vault",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_vault_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault")),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "state IN ('invited', 'active', 'declined', 'paused', 'unreachable')", name=op.f("ck_patients_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_patients_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
        sa.UniqueConstraint("code", name=op.f("uq_patients_code")),
    )
    op.create_index(op.f("ix_patients_person_id"), "patients", ["person_id"], unique=False)
    op.create_table(
        "therapists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("article", sa.String(length=20), nullable=False),
        sa.Column("enrolled_at", sa.String(length=27), nullable=False),
        sa.Column("digest_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint("article IN ('la', 'el', 'none')", name=op.f("ck_therapists_article")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_therapists_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_therapists")),
        sa.UniqueConstraint("person_id", name=op.f("uq_therapists_person_id")),
    )
    op.create_index(op.f("ix_therapists_digest_at"), "therapists", ["digest_at"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.String(length=27), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.CheckConstraint("accepted IN (0, 1)", name=op.f("ck_consents_accepted")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_consents_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_patient_id"), "consents", ["patient_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("token_ref", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.String(length=27), nullable=True),
        sa.Column("used_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("role IN ('therapist', 'patient')", name=op.f("ck_invitations_role")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_invitations_opened_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_invitations_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_ref", name=op.f("uq_invitations_token_ref")),
    )
    op.create_index(op.f("ix_invitations_opened_by"), "invitations", ["opened_by"], unique=False)
    op.create_index(op.f("ix_invitations_patient_id"), "invitations", ["patient_id"], unique=False)
    op.create_table(
        "treatments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("therapist_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_treatments_patient_id")),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapists.id"], name=op.f("fk_treatments_therapist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatments")),
        sa.UniqueConstraint("patient_id", "therapist_id", name=op.f("uq_treatments_patient_id_therapist_id")),
    )
    op.create_index(op.f("ix_treatments_therapist_id"), "treatments", ["therapist_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("treatment_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.String(length=27), nullable=False),
        sa.Column("ends_at", sa.String(length=27), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("noted_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'cancelled')", name=op.f("ck_sessions_state")),
        sa.CheckConstraint("starts_at <= ends_at", name=op.f("ck_sessions_order")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatments.id"], name=op.f("fk_sessions_treatment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_treatment_id_starts_at"), "sessions", ["treatment_id", "starts_at"], unique=False)
    op.create_table(
        "check_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("items", sa.String(length=60), nullable=False),
        sa.Column("has_words", sa.Integer(), server_default="0", nullable=False),
        sa.Column("text_version", sa.String(length=60), nullable=True),
        sa.Column("due_at", sa.String(length=27), nullable=False),
        sa.Column("asked_at", sa.String(length=27), nullable=True),
        sa.Column("touched_at", sa.String(length=27), nullable=True),
        sa.Column("answered_at", sa.String(length=27), nullable=True),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.Column("ask_again_at", sa.String(length=27), nullable=True),
        sa.Column("remind_at", sa.String(length=27), nullable=True),
        sa.Column("closes_at", sa.String(length=27), nullable=True),
        sa.Column("settles_at", sa.String(length=27), nullable=True),
        sa.Column("next_at", sa.String(length=27), nullable=True),
        sa.Column("shown", sa.String(length=20), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("lag_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'done', 'declined', 'no_session', 'stopped', 'closed', 'cancelled', 'skipped')",
            name=op.f("ck_check_ins_state"),
        ),
        sa.CheckConstraint(
            "step IN ('understood', 'sense', 'pending', 'pending_words', 'reflection', 'summary')",
            name=op.f("ck_check_ins_step"),
        ),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_check_ins_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("session_id", name=op.f("uq_check_ins_session_id")),
    )
    op.create_index(op.f("ix_check_ins_lag_at"), "check_ins", ["lag_at"], unique=False)
    op.create_index(op.f("ix_check_ins_next_at"), "check_ins", ["next_at"], unique=False)
    op.create_table(
        "answers",
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("scored_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint("item IN ('understood', 'sense', 'pending')", name=op.f("ck_answers_item")),
        sa.CheckConstraint("score BETWEEN 0 AND 10 AND score = CAST(score AS INTEGER)", name=op.f("ck_answers_score")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_answers_check_in_id")),
        sa.PrimaryKeyConstraint("check_in_id", "item", name=op.f("pk_answers")),
    )
    op.create_table(
        "episodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("treatment_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=False),
        sa.Column("current_id", sa.Integer(), nullable=False),
        sa.Column("level_before", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("next_at", sa.String(length=27), nullable=True),
        sa.Column("acknowledged_at", sa.String(length=27), nullable=True),
        sa.Column("closed_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'talked', 'repaired', 'false_alarm', 'withdrawn')", name=op.f("ck_episodes_state")
        ),
        sa.CheckConstraint("level_before BETWEEN 0 AND 20", name=op.f("ck_episodes_level")),
        sa.ForeignKeyConstraint(["current_id"], ["check_ins.id"], name=op.f("fk_episodes_current_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["check_ins.id"], name=op.f("fk_episodes_previous_id")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatments.id"], name=op.f("fk_episodes_treatment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
    )
    op.create_index(op.f("ix_episodes_next_at"), "episodes", ["next_at"], unique=False)
    op.create_index(op.f("ix_episodes_treatment_id"), "episodes", ["treatment_id"], unique=False)
    op.create_index(
        "uq_episodes_live",
        "episodes",
        ["treatment_id", "rule"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'talked')"),
        postgresql_where=sa.text("state IN ('open', 'talked')"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("check_in_id", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=False),
        sa.Column("not_after", sa.String(length=27), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("sent_at", sa.String(length=27), nullable=True),
        sa.Column("gave_up_at", sa.String(length=27), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_outbox_check_in_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_check_in",
        "outbox",
        ["check_in_id"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
    )
    op.create_index(op.f("ix_outbox_person_id"), "outbox", ["person_id"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
    )
    op.create_table(
        "words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("source_ref", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.String(length=27), nullable=False),
        sa.Column("changed_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("kind IN ('reflection', 'pending', 'message', 'crisis')", name=op.f("ck_words_kind")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_words_check_in_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_words_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words")),
        sa.UniqueConstraint("source_ref", name=op.f("uq_words_source_ref")),
    )
    op.create_index(op.f("ix_words_check_in_id"), "words", ["check_in_id"], unique=False)
    op.create_index(op.f("ix_words_patient_id"), "words", ["patient_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.String(length=27), nullable=False),
        sa.Column("withdrawn_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("lost BETWEEN 1 AND 20", name=op.f("ck_alerts_lost")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_alerts_check_in_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_alerts_episode_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["check_ins.id"], name=op.f("fk_alerts_previous_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("check_in_id", name=op.f("uq_alerts_check_in_id")),
    )
    op.create_index(op.f("ix_alerts_episode_id"), "alerts", ["episode_id"], unique=False)
    op.create_table(
        "concerns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("words_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("seen_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_concerns_patient_id")),
        sa.ForeignKeyConstraint(["words_id"], ["words.id"], name=op.f("fk_concerns_words_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sa.UniqueConstraint("words_id", name=op.f("uq_concerns_words_id")),
    )
    op.create_index(op.f("ix_concerns_patient_id"), "concerns", ["patient_id"], unique=False)
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_refuses_{change.lower()} BEFORE {change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_refuses_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
    )
