"""Rolling upgrades: what the processes of one version say to the database must hold on the schema of the next.

`recording` writes down what stories say to their databases, `choosing` keeps those that say most of what there is to
be said (`tests/data/`), and `test_rolling` says it again to an empty database of the newest schema.
"""
