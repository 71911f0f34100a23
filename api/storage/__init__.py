"""What the service remembers in its database: tables, and the classes that read and write them.

The law of this room: SQL stays here, SQLite and Postgres alike; a class for each noun that is kept.
"""
