"""The policy and its versions."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.policies import POLICY, POLICY_DOCUMENT, policy, policy_with_document, rows
from answerable.api.paging import PAGING, page
from answerable.api.problems import Problem
from answerable.api.schema import given, text
from answerable.people.errors import Refused
from answerable.policy.actions import begin_draft
from answerable.policy.forms.documents import LARGEST_DOCUMENT
from answerable.policy.models import Version
from answerable.policy.permissions import may_change

NEW = given(
    "A draft.",
    ["document"],
    document=text("TOML. It may be wrong: a draft is kept as it is.", 'title = "How we serve our customers"\n',
                  longest=LARGEST_DOCUMENT, shortest=1),
    reason=text("Why it is made.", "We answer on Saturdays, too.", longest=2000),
)  # fmt: skip


@operation(
    "GET",
    "/policies",
    "List versions",
    tag="Policy",
    scope="policy:read",
    answers=Listed(POLICY),
    query=PAGING,
    about="Every version there has been or may be, the newest first.",
)
def list_policies(call: Call) -> Answer:
    return page(call, rows(), policy)


@operation(
    "GET",
    "/policies/in-force",
    "Read the policy in force",
    tag="Policy",
    scope="policy:read",
    answers=POLICY_DOCUMENT,
)
def read_policy_in_force(call: Call) -> Answer:
    return _shown(rows().filter(state=Version.State.IN_FORCE).defer(None).select_related("by").first())


@operation(
    "GET",
    "/policies/{number}",
    "Read a version",
    tag="Policy",
    scope="policy:read",
    answers=POLICY_DOCUMENT,
)
def read_policy(call: Call) -> Answer:
    return _shown(rows().filter(number=call.numbers["number"]).defer(None).select_related("by").first())


@operation(
    "POST",
    "/policies",
    "Begin a draft",
    tag="Policy",
    scope="policy:write",
    answers=POLICY_DOCUMENT,
    status=201,
    body=NEW,
    about="A new version, based on the one in force, that people can look at, change, rehearse and put in force on "
    "their pages. For administrators.",
)
def draft_policy(call: Call) -> Answer:
    if not may_change(call.by):
        raise PermissionDenied(_("Only administrators change the policy."))
    document = call.body["document"].replace("\r\n", "\n")
    if not document.strip() or len(document.encode()) > LARGEST_DOCUMENT:
        raise Refused(_("That is no policy: at most 256 KB of text."), field="document")
    current = Version.objects.filter(state=Version.State.IN_FORCE).first()
    made = begin_draft(based_on=current, document=document, by=call.by, reason=call.body.get("reason", ""))
    return Answer(policy_with_document(made), status=201, location=f"/policies/{made.number}")


def _shown(found: Version | None) -> Answer:
    if found is None:
        raise Problem("not-found", _("There is no such version."))
    return Answer(policy_with_document(found))
