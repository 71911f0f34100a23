"""The tests: `api/` and `front_end_app/` mirror the rooms; `contract/`, `browser/` and `compose/` run the whole."""
