"""The commands of `answerable`: one file per noun."""
