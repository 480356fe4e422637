"""Django's PostgreSQL backend, with connections out of the pool tried without asking the server: `base`."""
