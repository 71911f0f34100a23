"""The tests: `api/` and `front_end_app/` mirror the rooms; the other folders run the whole."""
