"""Who the company serves."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from answerable.web.channels import channel_name

if TYPE_CHECKING:
    from answerable.people.models import User


class Segment(models.Model):
    """A kind of customer the policy may promise something of its own to."""

    name = models.CharField(max_length=100)
    key = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    name = models.CharField(max_length=200)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    segment = models.ForeignKey(Segment, models.SET_NULL, null=True, blank=True, related_name="organisations")
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        indexes = [GinIndex(fields=["domains"], name="organisation_domains")]

    def __str__(self) -> str:
        return self.name


def normalised(kind: str, value: str) -> str:
    """An address as it is compared and kept: e-mail in lower case, telephone numbers as digits after an optional +."""
    value = value.strip()
    if kind == "phone":
        return ("+" if value.startswith("+") else "") + "".join(letter for letter in value if letter.isdecimal())
    return value.lower()


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: "User") -> "ContactQuerySet":
        """Contacts belong to the company: each member of staff with a team sees them."""
        return self if user.team_ids else self.none()

    def current(self) -> "ContactQuerySet":
        """Without those merged into another."""
        return self.filter(merged_into=None)

    def search(self, text: str) -> "ContactQuerySet":
        """Whose name holds the text, in whatever case, or one of whose addresses begins with it."""
        text = text.strip()
        by_name = Contact.objects.filter(name__icontains=text).values("pk")
        by_address = Address.objects.filter(value__startswith=normalised("email", text)).values("contact_id")
        digits = normalised("phone", text)
        if digits:
            by_address |= Address.objects.filter(kind="phone", value__startswith=digits).values("contact_id")
        return self.filter(pk__in=by_name.union(by_address))


class Contact(models.Model):
    """A person who writes to the company, at whatever address."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("organisation"),
    )
    segment = models.ForeignKey(
        Segment, models.SET_NULL, null=True, blank=True, related_name="contacts", verbose_name=_("segment")
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="contact_name_words")]

    def __str__(self) -> str:
        """What they are called wherever they are shown. `called.py` says the same to the database."""
        return self.name or self.first_address or gettext("Somebody without a name")

    @cached_property
    def first_address(self) -> str:
        """Where they write from, by which somebody without a name is known; empty for a stranger. One query, and none
        where their addresses were fetched with them."""
        return next((each.value for each in self.addresses.all()), "") if self.pk else ""

    @property
    def segment_key(self) -> str:
        """Their own segment, else their organisation's, else empty."""
        segment = self.segment or (self.organisation.segment if self.organisation else None)
        return segment.key if segment else ""


class Address(models.Model):
    """Where a contact can be reached. Unique within its kind, however it is capitalised.

    On a messenger it is their account there, and the kind is the messenger's channel.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.EMAIL)
    value = models.CharField(max_length=320)  # normalised: an e-mail address in lower case
    bounced_at = models.DateTimeField(null=True, blank=True)  # mail to it came back for good
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="an_address_has_one_contact")]
        indexes = [models.Index(fields=["value"], name="address_prefix", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.value

    @property
    def kind_name(self) -> str:
        """What its channel is called."""
        return channel_name(self.kind)


class Merge(models.Model):
    """One contact found to be another: what moved, so that it can be undone."""

    kept = models.ForeignKey(Contact, models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Contact, models.PROTECT, related_name="absorptions")
    moved = models.JSONField(default=dict)  # address ids, the fields of `kept` that were filled, the notes added
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.kept_id}"

    @property
    def known_as(self) -> str:
        """What the absorbed contact was called when it was merged."""
        return str(self.moved["known_as"])
