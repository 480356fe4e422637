"""What every template may ask about the company; the database is asked only when one does."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from answerable.people.models import Company


def company(request: HttpRequest) -> dict[str, object]:
    return {"company": SimpleLazyObject(lambda: Company.objects.first() or "Answerable")}
