"""Alembic's revisions of the schema, oldest first.  Run by `storage.opening`, never by hand."""
