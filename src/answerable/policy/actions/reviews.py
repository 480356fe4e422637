"""Planning reviews of objectives, and deciding them."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.policy import Objective
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.policy.actions.drafts import begin_draft
from answerable.policy.jobs import mail_review
from answerable.policy.models import Review, Version
from answerable.policy.review_days import next_reminder, zone_of
from answerable.policy.running import compiled

LONGEST_WORDS = 5000
FURTHEST = timedelta(days=5 * 366)


def plan_all(version: Version) -> None:
    """Each objective that is looked at again has one review to come, in the hands of its owner.

    One that is planned moves where its interval is another now. Reviews of objectives the version has no more are
    closed as retired with it. Again is no harm; for a version that is not in force any more nothing happens.
    """
    with transaction.atomic():
        _one_at_a_time()
        if not Version.objects.filter(pk=version.pk, state=Version.State.IN_FORCE).exists():
            return
        objectives = compiled(version.pk).objectives
        planned = {row.objective: row for row in Review.objects.open().select_for_update()}
        for key, row in planned.items():
            if key not in objectives:
                _close(row, version)
        for key, objective in objectives.items():
            owner = owner_of(objective)
            if key in planned:
                _hand_over(planned[key], owner)
                _move(planned[key], objective, version)
            elif objective.review_every is not None:
                _open(key, version, owner, on=max(_base(key, version) + objective.review_every, _today()), by=None)


def plan_forgotten() -> None:
    """Plan for a version that came into force before there were reviews."""
    version = Version.objects.filter(state=Version.State.IN_FORCE).first()
    if version is not None and not Review.objects.exists():
        plan_all(version)


def set_date(objective: str, *, on: date, by: User) -> Review:
    """When an objective is looked at again: administrators may choose the day. Raises Refused for a day gone by."""
    if not by.is_administrator:
        raise PermissionDenied(_("Only administrators choose when an objective is reviewed."))
    check_day(on)
    with transaction.atomic():
        _one_at_a_time()
        version = Version.objects.in_force()
        known = compiled(version.pk).objectives.get(objective)
        if known is None:
            raise Refused(_("That is not part of the policy any more."))
        row = Review.objects.open().select_for_update().filter(objective=objective).first()
        if row is None:
            return _open(objective, version, owner_of(known), on=on, by=by)
        if row.due_on != on:
            before, row.due_on = row.due_on, on
            row.remind_at = next_reminder(on, zone_of(row.owner), timezone.now())
            row.save(update_fields=["due_on", "remind_at"])
            record("review.put_off", subject=row, root=version, by=by, before=str(before), to=str(on))
    return row


def decide(
    objective: str, *, decision: str, words: str, by: User, seen: int | None, next_on: date | None = None
) -> Review:
    """Keep, change or retire an objective, and why. To change or retire it begins a draft from the policy in force.

    `seen` is the last decision (its number in the database) that whoever decides had before them. The next review is on
    `next_on`, else after the objective's interval; a retired one has none. Raises Refused when somebody has decided
    since or a day is wrong, PermissionDenied for who may not decide.
    """
    if next_on is not None:
        check_day(next_on)
    with transaction.atomic():
        _one_at_a_time()
        version = Version.objects.in_force()
        known = compiled(version.pk).objectives.get(objective)
        if known is None:
            raise Refused(_("That is not part of the policy any more."))
        check_may_decide(by, known)
        _check_unseen(objective, seen)
        row = Review.objects.open().select_for_update().filter(objective=objective).first()
        row = row or Review(objective=objective, owner=owner_of(known), due_on=_today())
        row.decided_at, row.by, row.version = timezone.now(), by, version
        row.decision, row.words, row.remind_at = decision, words.strip(), None
        if decision != Review.Decision.KEEP:
            row.draft = begin_draft(based_on=version, document=version.document, by=by, reason=row.words[:500])
        if decision != Review.Decision.RETIRE:
            every = known.review_every
            row.next_on = next_on or (_today() + every if every else None)
        row.save()
        record(
            "review.decided",
            subject=row,
            root=version,
            by=by,
            objective=objective,
            decision=decision,
            draft=row.draft.number if row.draft else None,
            next_on=str(row.next_on) if row.next_on else None,
        )
        if row.next_on is not None:
            _open(objective, version, owner_of(known), on=row.next_on, by=by)
    return row


def last_decision(objective: str) -> Review | None:
    return Review.objects.decided().select_related("by", "version").filter(objective=objective).first()


def _check_unseen(objective: str, seen: int | None) -> None:
    last = last_decision(objective)
    if last is not None and last.pk != seen:
        about = {"name": last.by or "–", "decision": last.get_decision_display(), "words": last.words}
        raise Refused(_("%(name)s has decided meanwhile: %(decision)s. “%(words)s”") % about)


def check_day(on: date) -> None:
    """Raises Refused for a day gone by, or too far away to be meant."""
    if on <= _today():
        raise Refused(_("Choose a day to come."))
    if on > _today() + FURTHEST:
        raise Refused(_("That is more than five years away. Choose an earlier day."))


def may_decide(user: User, objective: Objective) -> bool:
    """Who answers for the objective, and administrators."""
    return user.is_administrator or user.email.casefold() == (objective.owner or "").casefold()


def check_may_decide(user: User, objective: Objective) -> None:
    """Raises PermissionDenied with the reason."""
    if not may_decide(user, objective):
        raise PermissionDenied(_("Administrators decide, and whoever answers for the objective."))


def owner_of(objective: Objective) -> User | None:
    """The colleague who answers for an objective, if one with that address works here."""
    if objective.owner is None:
        return None
    person: User | None = User.objects.active().filter(email__iexact=objective.owner).first()
    return person


def note_reminder(row: Review, *, at: datetime) -> None:
    """Count a reminder of a row that is held, plan the next one, and have it mailed; all of it or nothing."""
    row.reminders += 1
    row.reminded_at = at
    row.remind_at = next_reminder(row.due_on, zone_of(row.owner), at)
    row.save(update_fields=["reminders", "reminded_at", "remind_at"])
    record("review.reminded", subject=row, root=row.version, by=None, at=at, times=row.reminders)
    mail_review.later(review_id=row.pk, times=row.reminders)


def _open(objective: str, version: Version, owner: User | None, *, on: date, by: User | None) -> Review:
    row = Review.objects.create(
        objective=objective,
        version=version,
        owner=owner,
        due_on=on,
        remind_at=next_reminder(on, zone_of(owner), timezone.now()),
    )
    record("review.planned", subject=row, root=version, by=by, objective=objective, on=str(on))
    return row


def _hand_over(row: Review, owner: User | None) -> None:
    if row.owner_id != (owner.pk if owner else None):
        row.owner = owner
        row.remind_at = next_reminder(row.due_on, zone_of(owner), timezone.now())
        row.save(update_fields=["owner", "remind_at"])
        record("review.handed_over", subject=row, root=row.version, by=None, to=owner.pk if owner else None)


def _move(row: Review, objective: Objective, version: Version) -> None:
    """Where the policy says another interval than when it was planned, the review moves; no earlier than today."""
    planned = compiled(row.version_id).objectives.get(row.objective)
    every = objective.review_every
    if planned is None or every is None or planned.review_every == every:
        return
    on = max(_base(row.objective, version) + every, _today())
    before, row.version, row.due_on = row.due_on, version, on
    row.remind_at = next_reminder(on, zone_of(row.owner), timezone.now())
    row.save(update_fields=["version", "due_on", "remind_at"])
    if before != on:
        record("review.put_off", subject=row, root=version, by=None, before=str(before), to=str(on))


def _close(row: Review, version: Version) -> None:
    row.decided_at, row.by, row.decision, row.remind_at = timezone.now(), version.by, Review.Decision.RETIRE, None
    row.words = _("Version %(number)s of the policy does not have it any more.") % {"number": version.number}
    row.save()
    record("review.decided", subject=row, root=version, by=version.by, objective=row.objective, decision=row.decision)


def _base(objective: str, version: Version) -> date:
    """The day an interval is counted from: the last decision's, else that of the version's coming into force."""
    last = last_decision(objective)
    at = last.decided_at if last else version.in_force_at
    return timezone.localtime(at or timezone.now(), zone_of(None)).date()


def _today() -> date:
    return timezone.localdate(timezone=zone_of(None))


def _one_at_a_time() -> None:
    """Two who plan or decide at once do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('policy_review'))")
