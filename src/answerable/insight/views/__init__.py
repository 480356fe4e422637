from answerable.insight.views.conversations import conversations
from answerable.insight.views.report import charts, document, figures, report
from answerable.insight.views.structure import weaknesses

__all__ = ["charts", "conversations", "document", "figures", "report", "weaknesses"]
