"""Settings: webhooks, and the log of what they were sent."""
