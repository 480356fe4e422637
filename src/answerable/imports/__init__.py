"""What another help desk knew, taken over from its export: whole conversations, once, and without a word to anybody."""
