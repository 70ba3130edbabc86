"""Arrays: their types by name, read-only copies, rows of length 1."""

from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Reals: TypeAlias = npt.NDArray[np.floating[Any]]  # of either kind
Ids: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Int32s: TypeAlias = npt.NDArray[np.int32]  # ids that are kept for every word of a text
Positions: TypeAlias = npt.NDArray[np.intp]  # as NumPy's searches return them
Array: TypeAlias = npt.NDArray[Any]  # of any type

Scalar = TypeVar("Scalar", bound=np.generic)
Real = TypeVar("Real", bound=np.floating[Any])


def frozen(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    """The same array, read-only from here on."""
    array.flags.writeable = False
    return array


def read_only(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    """A contiguous, read-only copy."""
    return frozen(np.array(array, order="C"))


def unit_rows(array: npt.NDArray[Real]) -> npt.NDArray[Real]:
    """Rows of length 1, along the last axis and of the same type; a zero row stays zero."""
    norms = np.linalg.norm(array, axis=-1, keepdims=True)
    return (array / np.where(norms > 0, norms, 1)).astype(array.dtype, copy=False)
