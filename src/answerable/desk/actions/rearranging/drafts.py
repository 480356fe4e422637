"""What was being written in a conversation goes on in the one that its messages went to."""

from typing import Any

from answerable.desk.models import Attachment, Conversation, Draft
from answerable.web.formatted import as_html


def bring_drafts(gone: Conversation, kept: Conversation) -> list[list[Any]]:
    """Each draft moves, or is put below the one that its writer has there already. What is needed to bring it back:
    its number, writer and kind, and where it was put below another its text, files and looks."""
    there = {(draft.user_id, draft.kind): draft for draft in Draft.objects.filter(conversation=kept)}
    noted: list[list[Any]] = []
    for draft in Draft.objects.filter(conversation=gone).order_by("pk"):
        files = list(draft.attachments.values_list("pk", flat=True))
        other = there.get((draft.user_id, draft.kind))
        if other is None:
            draft.conversation = kept
            draft.save(update_fields=["conversation"])
            noted.append([draft.pk, draft.user_id, draft.kind, None, files, ""])
            continue
        if other.html or draft.html:
            other.html = (other.html or as_html(other.text)) + (draft.html or as_html(draft.text))
        other.text = f"{other.text}\n\n{draft.text}"
        other.save(update_fields=["text", "html", "updated_at"])
        Attachment.objects.filter(pk__in=files).update(draft=other)
        noted.append([other.pk, draft.user_id, draft.kind, draft.text, files, draft.html])
        draft.delete()
    return noted


def return_drafts(noted: list[list[Any]], *, to: Conversation) -> None:
    """Those that are still there go back; of those put below another the words that stand there unchanged."""
    for number, user, kind, text, files, html in noted:
        draft = Draft.objects.filter(pk=number).first()
        looks = html or as_html(text or "")
        if draft is None:
            continue
        if text is None:
            draft.conversation = to
            draft.save(update_fields=["conversation"])
        elif draft.text.endswith(f"\n\n{text}") and (not draft.html or draft.html.endswith(looks)):
            draft.text, draft.html = draft.text.removesuffix(f"\n\n{text}"), draft.html.removesuffix(looks)
            draft.save(update_fields=["text", "html", "updated_at"])
            back = Draft.objects.create(conversation=to, user_id=user, kind=kind, text=text, html=html)
            Attachment.objects.filter(pk__in=files, draft=draft).update(draft=back)
