"""What customers write on our own pages: a form for each inbox, and the page where they see all they have asked."""
