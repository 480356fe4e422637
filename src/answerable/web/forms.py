"""How every form is drawn: name this class in settings.FORM_RENDERER."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Django's own, with our field and form: label, help and errors tied to their control."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"
