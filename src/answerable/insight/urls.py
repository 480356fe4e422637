from django.urls import path

from answerable.insight import views
from answerable.insight.views import rehearsals, staffing, today, tried

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/figures/", views.figures, name="report-figures"),
    path("report/charts/", views.charts, name="report-charts"),
    path("report/conversations/", views.conversations, name="report-conversations"),
    path("team/weaknesses/", views.weaknesses, name="team-weaknesses"),
    path("policy/pilots/<int:pk>/results/", views.pilot_results, name="pilot_results"),
    path("today/", today.today, name="today"),
    path("today/now/", today.now, name="today-now"),
    path("today/words/", today.words, name="today-words"),
    path("today/conversations/", today.conversations, name="today-conversations"),
    path("rota/hours/", views.rota_hours, name="rota-hours"),
    path("staffing/", staffing.staffing, name="staffing"),
    path("staffing/forecasts/", staffing.forecasts, name="staffing-forecasts"),
    path("staffing/forecasts/<int:pk>/progress/", staffing.progress, name="staffing-progress"),
    path("staffing/forecasts/<int:pk>/cancellation/", staffing.cancellation, name="staffing-cancellation"),
    path("staffing/charts/", staffing.drawings, name="staffing-charts"),
    path("staffing/assumptions/", staffing.assumptions, name="staffing-assumptions"),
    path("staffing/sample.csv", staffing.sample_volumes, name="staffing-sample"),
    path("report.json", views.document, name="report-json"),
    path("policy/evidence/promises/", views.promises, name="policy_promise_measures"),
    path("policy/evidence/promises/<slug:key>/", views.promise, name="policy_promise_measure"),
    path("policy/evidence/objectives/<slug:key>/", views.objective, name="policy_evidence"),
    path("policy/evidence/rehearsals/", tried.tried, name="policy_tried"),
    path("policy/comparison/", views.comparison, name="policy_comparison"),
    path("policy/comparison/figures/", views.compared, name="policy_comparison_figures"),
    path("promises/", views.promises_public, name="promises"),
    path("policy/rehearsals/", rehearsals.rehearsals, name="policy_rehearsals"),
    path("policy/rehearsals/<int:pk>/", rehearsals.rehearsal, name="policy_rehearsal"),
    path("policy/rehearsals/<int:pk>/progress/", rehearsals.progress, name="policy_rehearsal_progress"),
    path("policy/rehearsals/<int:pk>/drawing/", rehearsals.drawing, name="policy_rehearsal_drawing"),
    path("policy/rehearsals/<int:pk>/cancellation/", rehearsals.cancellation, name="policy_rehearsal_cancellation"),
]
