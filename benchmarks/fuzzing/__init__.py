"""What each reader of foreign data is fed in `benchmarks/fuzz.py`, and what has to come of it."""
