"""Readers of exports: from files, however large, to records in a stage."""
