"""placeholder"""

from collections.abc import Callable


def compilers_table(progress: Callable[[str], None]) -> str:
    """Placeholder."""
    return ""
