"""The headings of the help centre."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.knowledge.models import Section
from answerable.knowledge.permissions import check_may_publish, check_may_write
from answerable.people.errors import Refused
from answerable.people.models import User


def write_section(section: Section | None, *, name: str, names: Mapping[str, str], by: User | None) -> Section:
    """Add one at the end, or name one otherwise. The first may be added by whoever writes the first article."""
    if section is None and not Section.objects.current().exists():
        check_may_write(by)
    else:
        check_may_publish(by)
    is_new = section is None
    if section is None:
        last = Section.objects.aggregate(last=Max("place"))["last"]
        section = Section(place=0 if last is None else last + 1)
    section.name, section.names = name, {language: said for language, said in names.items() if said}
    try:
        with transaction.atomic():
            section.save(update_fields=None if is_new else ["name", "names"])
            record("section.added" if is_new else "section.changed", subject=section, by=by, name=name)
    except IntegrityError:
        raise Refused(_("There is a section of this name."), field="name") from None
    return section


def retire_section(section: Section, *, by: User | None) -> Section:
    """It takes no more articles. Refused while articles stand in it."""
    check_may_publish(by)
    with transaction.atomic():
        section = Section.objects.select_for_update().get(pk=section.pk)
        if section.retired_at is not None:
            return section
        if section.articles.exists():
            raise Refused(_("Articles stand in it: move them to other sections first."))
        section.retired_at = timezone.now()
        section.save(update_fields=["retired_at"])
        record("section.retired", subject=section, by=by, name=section.name)
    return section


def raise_section(section: Section, *, by: User | None) -> None:
    """One place further up."""
    check_may_publish(by)
    with transaction.atomic():
        rows = list(Section.objects.current().select_for_update())
        here = next((place for place, row in enumerate(rows) if row.pk == section.pk), 0)
        if here:
            rows[here - 1], rows[here] = rows[here], rows[here - 1]
        for place, row in enumerate(rows):
            row.place = place
        Section.objects.bulk_update(rows, ["place"])
        record("section.moved", subject=section, by=by, name=section.name)
