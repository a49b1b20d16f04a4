"""The formulas over arrays of NumPy, an element for each person or each way to answer; knows no formula."""

from typing import Any, Final

import numpy as np

from mopscli.assessment.formulas import Number, Operations

Array = np.ndarray[Any, np.dtype[Any]]


class Arrays:
    """Operations on arrays; NaN is what is missing, and texts are arrays of objects."""

    def exp(self, x: Number) -> Number:
        """Return e to the power of x."""
        return np.exp(x)

    def sqrt(self, x: Number) -> Number:
        """Return the square root of x, which is not negative."""
        return np.sqrt(x)

    def where(self, condition: Number, then: Number, otherwise: Number) -> Number:
        """Return one of two values, by element; None is a missing number."""
        return np.where(condition, _element(then), _element(otherwise))

    def is_missing(self, x: Number) -> Number:
        """Tell whether x is NaN, by element."""
        return np.isnan(x)

    def let(self, name: str, x: Number) -> Number:
        """Return x."""
        return x


def _element(x: Number) -> Number:
    if isinstance(x, str):
        return np.array(str(x), dtype=object)
    return np.nan if x is None else x


ARRAYS: Final[Operations] = Arrays()
