"""Live chat: a small program on anybody's pages by which visitors talk with the people of an inbox.

What keeps one visitor's words from another's eyes stands in one place: `visits.py`. Without a visitor's secret, which
only their browser knows, nothing of theirs is answered to anybody.
"""
