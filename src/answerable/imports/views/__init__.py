"""Settings: taking over what another help desk knew."""
