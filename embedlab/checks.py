"""Range checks of settings, with one wording."""

from embedlab.errors import InvalidSetting


def within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        ends = [f"{number:,}" if isinstance(number, int) else f"{number:g}" for number in (low, high, value)]
        raise InvalidSetting(
            f"The {name} must be from {ends[0]} to {ends[1]}; {ends[2]} is not. Choose one in between."
        )


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise InvalidSetting(f"The {name} must be one of {', '.join(allowed)}; “{value}” is not.")
