"""What is said of the front end's own cost."""

from __future__ import annotations

from bench.front_end import Cost, section
from bench.load import Load


def test_the_share_of_the_api_is_its_processor_time_of_both() -> None:
    """Medians of the rounds; what the API does alone has no share."""
    page = [Cost(Load(100.0 * one, 10, 20), 3.0, 1.0) for one in (1, 2, 3)]
    alone = [Cost(Load(5000.0, 1, 2), 0.0, 0.1)]
    written = section({("answer page", 16): page, ("the API's prediction alone", 16): alone})
    assert "| answer page | 16 | 200 | 10.0 | 20.0 | 3.00 | 1.00 | 25% |" in written
    assert "| the API's prediction alone | 16 | 5000 | 1.0 | 2.0 | 0.00 | 0.10 |  |" in written
