"""Files that nobody would make, through the real command: `python -m tests.fuzz` runs for as long as it is let."""
