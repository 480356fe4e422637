"""What can be done about customers' opinions: ask for one, take one, take care of a complaint."""
