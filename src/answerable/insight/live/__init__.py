"""The live board of those who lead: what waits by now, what falls due next, who does what, and how the day goes."""
