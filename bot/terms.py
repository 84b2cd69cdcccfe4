"""What the settings mean to each part that keeps a promise: what is said and what is done come from the same place."""

from bot.config import Config
from bot.domain.rules import rules_version
from bot.services.leaving import LeavingTerms
from bot.services.retention import Keeping
from handlers.screens_arrival import ConsentTerms
from handlers.screens_rights import PrivacyTerms


def consent_terms(config: Config) -> ConsentTerms:
    """Return what the consent text says of this practice."""
    quiet, practice = config.check_in_times().quiet, config.practice
    return ConsentTerms(
        delay=config.check_in.delay,
        contact=practice.name or None,
        waits_for_morning=quiet.starts != quiet.ends,
        other_contact=practice.other_contact or None,
        second_reads=practice.second_contact_reads,
        backups=config.backup.keep,
    )


def privacy_terms(config: Config) -> PrivacyTerms:
    """Return what `/privacidad` and the offer of leaving say of this practice."""
    privacy = config.privacy
    return PrivacyTerms(
        config.practice.country,
        privacy.keep_scores,
        privacy.legal_reason,
        privacy.export_within,
        privacy.words,
        privacy.scores,
        config.backup.keep,
        privacy.digital_consent_age,
        config.practice.name or None,
    )


def leaving_terms(config: Config) -> LeavingTerms:
    """Return what must be kept when somebody leaves, and how long the therapist may take to copy it."""
    return LeavingTerms(config.privacy.keep_scores, config.privacy.export_within)


def rules_in_force(config: Config) -> str:
    """Name the rules and the settings by which a fall of the alliance is told, as exports do."""
    return rules_version(config.alliance.model_dump(mode="json"))


def keeping(config: Config) -> Keeping:
    """Return how long each kind of row is kept."""
    privacy = config.privacy
    return Keeping(
        words=privacy.words,
        scores=privacy.scores,
        audit=privacy.audit,
        outbox=privacy.outbox_rows,
        inbox=privacy.inbox_rows,
        failed_starts=privacy.failed_starts,
        sent_messages=privacy.sent_messages,
    )
