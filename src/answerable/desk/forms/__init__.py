"""What may come in from a page. A form checks; an action acts."""
