"""Electronic mail: read, judged, answered. The pure half of it needs no database."""
