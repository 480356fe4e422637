"""The board that a team looks at each morning: what yesterday was, what today will be, and what colleagues say."""
