"""Pure functions: the standard library and numpy only. Time is an argument, never now()."""
