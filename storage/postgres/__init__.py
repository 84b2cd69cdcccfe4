"""PostgreSQL in the place of the SQLite file.  It is imported only where a URL asks for it (`storage.places`)."""
