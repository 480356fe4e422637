"""The tags and filters of `{% load web %}`, by what they draw: each module has a library of its own."""
