"""Instants as every export writes them: ISO 8601, UTC."""

from datetime import UTC, datetime


def written(instant: datetime | None) -> str:
    """Write an instant (`2026-11-17T16:15:00Z`); nothing for one that is not known."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z") if instant else ""
