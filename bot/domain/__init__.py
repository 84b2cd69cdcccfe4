"""The pure core: what the practice knows, without clock, database or chat."""
