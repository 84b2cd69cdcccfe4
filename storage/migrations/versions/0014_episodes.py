"""Concerns of several kinds: the rule and its family, *seen* as a state, the talk with its note, the one repetition."""

from alembic import op

from storage.migrations.tables import rebuild

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

RULES = "'drop', 'item_drop', 'slide', 'silence'"
FAMILIES = "'fall', 'slide', 'silence'"
EPISODES = f"""CREATE TABLE episodes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    treatment_id INTEGER NOT NULL,
    rule VARCHAR(20) NOT NULL,
    family VARCHAR(20) NOT NULL,
    state VARCHAR(20) NOT NULL,
    previous_id INTEGER,
    current_id INTEGER NOT NULL,
    level_before INTEGER,
    opened_at VARCHAR(27) NOT NULL,
    next_at VARCHAR(27),
    repeated_at VARCHAR(27),
    acknowledged_at VARCHAR(27),
    talked_at VARCHAR(27),
    closed_at VARCHAR(27),
    note BLOB,
    note_until VARCHAR(27),
    CONSTRAINT ck_episodes_level CHECK (level_before BETWEEN 0 AND 20),
    CONSTRAINT ck_episodes_rule CHECK (rule IN ({RULES})),
    CONSTRAINT ck_episodes_family CHECK (family IN ({FAMILIES})),
    CONSTRAINT ck_episodes_state CHECK (
        state IN ('open', 'seen', 'talked', 'repaired', 'unrepaired', 'false_alarm', 'withdrawn')
    ),
    CONSTRAINT ck_episodes_measured CHECK ((family = 'silence') = (level_before IS NULL)),
    CONSTRAINT fk_episodes_treatment_id FOREIGN KEY(treatment_id) REFERENCES treatments (id),
    CONSTRAINT fk_episodes_previous_id FOREIGN KEY(previous_id) REFERENCES check_ins (id),
    CONSTRAINT fk_episodes_current_id FOREIGN KEY(current_id) REFERENCES check_ins (id)
)"""
ALERTS = f"""CREATE TABLE alerts (
    id INTEGER NOT NULL,
    episode_id INTEGER NOT NULL,
    rule VARCHAR(20) NOT NULL,
    family VARCHAR(20) NOT NULL,
    previous_id INTEGER,
    check_in_id INTEGER NOT NULL,
    lost INTEGER,
    count INTEGER NOT NULL,
    raised_at VARCHAR(27) NOT NULL,
    withdrawn_at VARCHAR(27),
    CONSTRAINT pk_alerts PRIMARY KEY (id),
    CONSTRAINT ck_alerts_lost CHECK (lost BETWEEN 0 AND 20),
    CONSTRAINT ck_alerts_count CHECK (count >= 1),
    CONSTRAINT ck_alerts_rule CHECK (rule IN ({RULES})),
    CONSTRAINT ck_alerts_family CHECK (family IN ({FAMILIES})),
    CONSTRAINT uq_alerts_check_in_id_family UNIQUE (check_in_id, family),
    CONSTRAINT fk_alerts_episode_id FOREIGN KEY(episode_id) REFERENCES episodes (id),
    CONSTRAINT fk_alerts_previous_id FOREIGN KEY(previous_id) REFERENCES check_ins (id),
    CONSTRAINT fk_alerts_check_in_id FOREIGN KEY(check_in_id) REFERENCES check_ins (id)
)"""
LIVE = "WHERE state IN ('open', 'seen', 'talked')"


def upgrade() -> None:
    op.drop_index("uq_episodes_live", "episodes")
    # whatever was raised until now was raised by the one rule there was
    rebuild("episodes", lambda _: EPISODES, {"rule": "'drop'", "family": "'fall'", "talked_at": TALKED_AT})
    rebuild("alerts", lambda _: ALERTS, {"rule": "'drop'", "family": "'fall'", "count": "1"})
    op.execute("UPDATE episodes SET state = 'seen' WHERE state = 'open' AND acknowledged_at IS NOT NULL")
    op.execute(f"CREATE UNIQUE INDEX uq_episodes_live ON episodes (treatment_id, family) {LIVE}")


TALKED_AT = "CASE state WHEN 'talked' THEN acknowledged_at END"
