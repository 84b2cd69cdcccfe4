"""What is held about patients as other programs read it: a long table, JSON, FHIR R4.  Pure; see `docs/exports.md`."""
