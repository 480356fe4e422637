from answerable.api.models.answer import Answered
from answerable.api.models.token import Token, Usage

__all__ = ["Answered", "Token", "Usage"]
