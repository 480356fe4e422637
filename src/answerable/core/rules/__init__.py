"""What a rule says, and what it comes to: when it is asked, what it does, order, "stop here", loops cut. Conditions are
those of `core.criteria`. No database, no clock."""
