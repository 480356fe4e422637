"""Answerable: a customer-service system that a company can be held to."""

from typing import Final

__version__: Final = "0.1.0"
