"""iCalendar files: a therapist's calendar is read (`apart`, `reading`), the coming sessions are written (`writing`)."""
