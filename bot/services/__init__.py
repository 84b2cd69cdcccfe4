"""The verbs of the practice.  Services never import each other: they meet through rows."""
