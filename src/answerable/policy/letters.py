"""What customers are written about the policy."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from answerable.people.models import Company
from answerable.policy.links import consent_url
from answerable.policy.models import Comment, PilotCustomer
from answerable.policy.parts import sentence_in
from answerable.policy.tested import changes_of


def language_of(customer: PilotCustomer) -> str:
    """The customer's, else the company's."""
    company = Company.objects.first()
    return customer.contact.language or (company.language if company else "en")


@dataclass(frozen=True)
class Letter:
    """A mail in the language of whoever gets it."""

    subject: str
    text: str
    language: str


def comment_answer(comment: Comment) -> Letter:
    """The answer to what a customer said of the policy, in the language they said it in."""
    company = Company.objects.first()
    language = comment.language or (company.language if company else "en")
    with translation.override(language):
        context = {
            "comment": comment,
            "sentence": sentence_in(comment.version, comment.part, comment.key) if comment.key else "",
            "quoted": "\n".join(f"> {line}" for line in comment.text.splitlines()),
            "company": company,
        }
        text = render_to_string("policy/mail/comment_answer.txt", context).strip() + "\n"
        return Letter(_("Our answer to what you said"), text, language)


def invitation(customer: PilotCustomer) -> tuple[str, str, str]:
    """The mail that asks a customer to take part: subject, text and HTML, in their language."""
    language = language_of(customer)
    with translation.override(language):
        context = {
            "contact": customer.contact,
            "company": Company.objects.first(),
            "changes": changes_of(customer.pilot, language),
            "pilot": customer.pilot,
            "url": consent_url(customer.pk),
        }
        return (
            _("May we try a new promise with you?"),
            render_to_string("policy/invitation.txt", context).strip() + "\n",
            render_to_string("policy/invitation.html", context),
        )
