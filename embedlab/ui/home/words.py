"""The word that Home opens with: another one each day."""

from datetime import UTC, date, datetime

WORDS = (
    "coffee", "volcano", "violin", "penguin", "chess", "sword", "jazz", "whale", "telescope", "bread",
    "dragon", "bicycle", "glacier", "opera", "tiger", "detective", "moon", "photography", "guitar", "earthquake",
    "castle", "dolphin", "robot", "tea", "comedy", "river", "submarine", "sculpture", "parrot", "rocket",
    "turtle", "piano", "tornado", "wizard", "train", "poetry", "elephant", "galaxy", "pizza", "snow",
    "trumpet", "pirate", "ocean", "painter", "tomato", "football", "silk", "planet", "ballet", "lion",
    "mathematics", "waterfall", "wine", "astronaut", "octopus", "festival", "bridge", "vampire", "tennis", "microscope",
)  # fmt: skip


def today() -> date:
    """The day in UTC, by the server's clock."""
    return datetime.now(UTC).date()


def word_of(day: date) -> str:
    """The word of a day; all of them come up in turn."""
    return WORDS[day.toordinal() % len(WORDS)]
