"""What happens here, told to other systems: HTTP requests signed as Standard Webhooks says, until they are taken."""
