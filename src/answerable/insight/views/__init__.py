from answerable.insight.views.comparison import compared, comparison
from answerable.insight.views.conversations import conversations
from answerable.insight.views.evidence import objective, promise, promises
from answerable.insight.views.pilots import pilot_results
from answerable.insight.views.publicly import promises_public
from answerable.insight.views.report import charts, document, figures, report
from answerable.insight.views.rota import rota_hours
from answerable.insight.views.structure import weaknesses
from answerable.insight.views.told import told_waits

__all__ = [
    "charts",
    "compared",
    "comparison",
    "conversations",
    "document",
    "figures",
    "objective",
    "pilot_results",
    "promise",
    "promises",
    "promises_public",
    "report",
    "rota_hours",
    "told_waits",
    "weaknesses",
]
