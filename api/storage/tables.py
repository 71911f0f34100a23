"""The tables."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

# Everything that was done to a model's versions, in order. The newest row that enables a version says
# which one answers, and the newest row of all says whether anything changed since one last looked.
VERSION_EVENTS = Table(
    "version_events",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("model", String(64), nullable=False),
    Column("version", String(20), nullable=False),
    Column("what", String(16), nullable=False),
    Column("at", String(32), nullable=False),
    Column("by", String(200), nullable=False),
)

# What was answered: a row for a request, or for some thousand rows of a long one. `row` is the number of
# its first row and `rows` how many it has; `inputs`, `answers` and `probabilities` are JSON, by columns.
PREDICTIONS = Table(
    "predictions",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("model", String(64), nullable=False),
    Column("version", String(20), nullable=False),
    Column("by", String(200), nullable=False),
    Column("route", String(200), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("probabilities", Text),
)
Index("predictions_by_time", PREDICTIONS.c.at, PREDICTIONS.c.id)
Index("predictions_by_user", PREDICTIONS.c.by, PREDICTIONS.c.at, PREDICTIONS.c.id)
Index("predictions_by_model", PREDICTIONS.c.model, PREDICTIONS.c.at, PREDICTIONS.c.id)

# How many rows each version answered in each minute, kept beside what was answered, so that nobody has to
# count millions of rows, and so that the counts outlive them.
PREDICTION_COUNTS = Table(
    "prediction_counts",
    METADATA,
    Column("model", String(64), primary_key=True),
    Column("version", String(20), primary_key=True),
    Column("minute", String(16), primary_key=True),
    Column("predictions", BigInteger, nullable=False),
)

# What turned out to be true of answers: one row for each row that somebody told of, the last word counts.
# `answer` and `truth` are JSON, `score` is the probability of the second of two classes.
FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("model", String(64), nullable=False),
    Column("version", String(20), nullable=False),
    Column("answer", Text, nullable=False),
    Column("truth", Text, nullable=False),
    Column("score", Float),
    Column("at", String(32), nullable=False),
    Column("by", String(200), nullable=False),
)
Index("feedback_by_version", FEEDBACK.c.model, FEEDBACK.c.version, FEEDBACK.c.at)

# Every training that was asked for. `request`, `metrics`, `report` and `error` are JSON. While it is
# processing, `owner` works on it and has to say so before `lease_until`, in seconds since 1970 by the
# database's clock; after that it is anybody's. `attempts` counts who began, `sent_at` is when its id was
# last sent to the workers, `key` what the caller named the request by.
TRAININGS = Table(
    "trainings",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("status", String(16), nullable=False, index=True),
    Column("by", String(200), nullable=False),
    Column("key", String(200)),
    Column("request", Text, nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("started_at", String(32)),
    Column("ended_at", String(32)),
    Column("progress", Float, nullable=False, default=0.0),
    Column("step", String(20)),
    Column("message", Text),
    Column("model", String(64)),
    Column("version", String(20)),
    Column("enabled", Boolean),
    Column("metrics", Text),
    Column("report", Text),
    Column("error", Text),
    Column("cancel", Boolean, nullable=False, default=False),
    Column("owner", String(64)),
    Column("lease_until", Float),
    Column("attempts", Integer, nullable=False, default=0),
    Column("sent_at", Float),
    UniqueConstraint("by", "key"),
)

# What only one process at a time may do, and until when it may, in seconds by the database's clock.
LEASES = Table(
    "leases",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", Float, nullable=False),
)

# Who may sign in beside the pair in the settings. `stamp` changes with whatever makes tokens void.
USERS = Table(
    "users",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("password", String(300), nullable=False),
    Column("role", String(16), nullable=False),
    Column("stamp", String(32), nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("disabled", Integer, nullable=False),
)

# What was done to users, in order; the newest number says whether anything changed since one last looked.
USER_EVENTS = Table(
    "user_events",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(100), nullable=False),
    Column("what", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("by", String(200), nullable=False),
)

# Secrets that every process has to share.
KEYS = Table(
    "keys",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("secret", String(200), nullable=False),
)
