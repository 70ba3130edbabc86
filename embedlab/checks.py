"""Range checks of settings, with one wording."""

import math
from numbers import Integral

from embedlab.errors import InvalidSetting


def within(name: str, value: float, low: float, high: float | None = None) -> None:
    """Refuses a number outside [low, high], and NaN.

    Args:
        name: of the setting, as the person at the screen knows it.
        high: None where there is no upper limit.

    Raises InvalidSetting: names the setting, its range and the value.
    """
    if not low <= value <= (math.inf if high is None else high):  # also refuses NaN
        least, most, given = (f"{n:,}" if isinstance(n, Integral) else f"{n or 0:.12g}" for n in (low, high, value))
        if high is None:
            raise InvalidSetting(f"The {name} must be {least} or more; {given} is not.")
        raise InvalidSetting(f"The {name} must be from {least} to {most}; {given} is not. Choose one in between.")


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    """Refuses a name that is not among those allowed.

    Raises InvalidSetting: names the setting, all that is allowed and the value.
    """
    if value not in allowed:
        raise InvalidSetting(f"The {name} must be one of {', '.join(allowed)}; “{value}” is not.")
