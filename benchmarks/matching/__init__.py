"""Made-up practices with truth, training of the matcher, and its measurement beside peers."""
