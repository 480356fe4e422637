from django.urls import path

from answerable.insight import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/figures/", views.figures, name="report-figures"),
    path("report/charts/", views.charts, name="report-charts"),
    path("report/conversations/", views.conversations, name="report-conversations"),
    path("team/weaknesses/", views.weaknesses, name="team-weaknesses"),
    path("report.json", views.document, name="report-json"),
]
