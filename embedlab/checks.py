"""Range checks of settings, with one wording."""

from embedlab.errors import InvalidSetting


def within(name: str, value: float, low: float, high: float) -> None:
    """Refuses a number outside [low, high], and NaN.

    Args:
        name: of the setting, as the person at the screen knows it.

    Raises:
        InvalidSetting: names the setting, its range and the value.
    """
    if not low <= value <= high:  # also refuses NaN
        ends = [f"{number:,}" if isinstance(number, int) else f"{number:g}" for number in (low, high, value)]
        raise InvalidSetting(
            f"The {name} must be from {ends[0]} to {ends[1]}; {ends[2]} is not. Choose one in between."
        )


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    """Refuses a name that is not among those allowed.

    Raises:
        InvalidSetting: names the setting, all that is allowed and the value.
    """
    if value not in allowed:
        raise InvalidSetting(f"The {name} must be one of {', '.join(allowed)}; “{value}” is not.")
