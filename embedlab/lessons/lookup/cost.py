"""What a lookup costs: numbers to learn, bytes and multiplications, one-hot against ids."""

from dataclasses import dataclass

from embedlab.checks import within

_FLOAT, _ID = 4, 8  # bytes of one float32 and of one int64


@dataclass(frozen=True)
class Footprint:
    """What B sentences of L words cost in a table of V words and D dimensions, one-hot against dense."""

    words: int  # V
    dimensions: int  # D
    batch: int = 32  # B
    length: int = 20  # L

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            within(name, value, 1)

    @property
    def parameters(self) -> int:
        """Numbers to learn, V D."""
        return self.words * self.dimensions

    @property
    def bytes(self) -> dict[str, int]:
        """Bytes of each array: float32 numbers, int64 ids."""
        tokens = self.batch * self.length
        return {
            "ids": tokens * _ID,
            "their vectors": tokens * self.dimensions * _FLOAT,
            "the table": self.parameters * _FLOAT,
            "one-hot rows": tokens * self.words * _FLOAT,
        }

    @property
    def products(self) -> int:
        """Multiplications of one-hot rows with the table, B L V D; fetching by index needs none."""
        return self.batch * self.length * self.parameters
