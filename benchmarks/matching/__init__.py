"""Made-up practices with truth, training of the matcher, and its measurement beside peers."""

from datetime import date

#: The day on which all made-up practices are as they are, and read.
TODAY = date(2026, 3, 1)
