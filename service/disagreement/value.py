"""A value that a sentence gives, and whether two of them can both be right."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

STANCE = "stance"
"""The unit of a sentence that says yes or no."""
_ROUNDED = Decimal("0.1")
FIRST_AND_LAST = 2
# "Iranian" is of Iran.
MIN_STEM = 4


@dataclass(frozen=True)
class Value:
    """A value as it stands in a sentence.

    Attributes:
        written: Verbatim.
        at: Where it begins in the sentence.
        unit: Only values of one unit can be compared; "" goes with counts of anything.
        number: Of an amount or a length of time.
        per: The time or thing that it is reckoned by, as indexed.
        day: Year, month and day of a date, 0 where it is left out.
        names: The folded words of a name.
        about: Whether the number is a round one by its own words.
        at_least: Whether it may be more.
        timed: Whether it may be a time of day.
    """

    written: str
    at: int
    unit: str = ""
    number: Decimal = Decimal(0)
    per: str = ""
    day: tuple[int, int, int] = (0, 0, 0)
    names: tuple[str, ...] = ()
    about: bool = False
    at_least: bool = False
    timed: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it is written with a capital or a digit: a name or a number."""
        return any(letter.isupper() or letter.isdigit() for letter in self.written)

    def same(self, other: Value) -> bool:
        """Tell whether two values of one kind and unit can both be right."""
        if self.names or other.names:
            return _same_name(self.names, other.names)
        if any(self.day) or any(other.day):
            return all(a == b or not a or not b for a, b in zip(self.day, other.day, strict=True))
        return _same_number(self, other)

    def comparable(self, other: Value) -> bool:
        """Tell whether the two are of one unit, and dates of one exactness."""
        if any(self.day) and any(other.day):
            return any(a and b for a, b in zip(self.day, other.day, strict=True))
        return self.unit == other.unit and self.per == other.per


def _same_number(one: Value, other: Value) -> bool:
    low, high = sorted((one, other), key=lambda value: value.number)
    if low.number == high.number or _rounds_to(one.number, other.number):
        return True
    gap = high.number - low.number
    rough = low.at_least or one.about or other.about
    return rough and gap <= _ROUNDED * high.number


def _rounds_to(one: Decimal, other: Decimal) -> bool:
    """Tell whether the rounder of two numbers is the other one rounded."""
    rough, fine = sorted((one, other), key=lambda number: len(number.normalize().as_tuple().digits))
    exponent = int(rough.normalize().as_tuple().exponent)
    # Nine is not eleven rounded, and 13 no 13.4: only what ends in noughts is round.
    if exponent <= 0 or int(fine.normalize().as_tuple().exponent) >= exponent:
        return False
    return abs(fine - rough) < Decimal(1).scaleb(exponent)


def _same_name(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    mine, theirs = set(one), set(other)
    if mine <= theirs or theirs <= mine:
        return True
    if len(one) == len(other) and one[:-1] != other[:-1] and one[-1] == other[-1]:
        # Relatives share the last name only.
        return len(one) != FIRST_AND_LAST
    if any(
        a.startswith(b) or b.startswith(a)
        for a in mine
        for b in theirs
        if len(min(a, b, key=len)) >= MIN_STEM
    ):
        return True
    return bool(mine & theirs) or _initials(one) in theirs or _initials(other) in mine


def _initials(name: tuple[str, ...]) -> str:
    return "".join(word[0] for word in name) if len(name) > 1 else "\0"
