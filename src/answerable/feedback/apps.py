from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "answerable.feedback"
    label = "feedback"
