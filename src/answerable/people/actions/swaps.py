"""Swaps: the owner offers a shift, a colleague takes it, a lead confirms; then it is the colleague's."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.actions.shifts import check_shift, hold, hold_shift
from answerable.people.errors import Refused
from answerable.people.models import Company, Shift, SwapRequest, User
from answerable.people.permissions import may_manage

State = SwapRequest.State


def offer_shift(
    shift: Shift, *, to: User | None = None, in_return: Shift | None = None, note: str = "", by: User
) -> SwapRequest:
    """Offer a shift of one's own to everybody in its team, to a colleague, or for one of that colleague's."""
    if shift.user_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        shift = hold_shift(shift)
        if shift.begins_at <= timezone.now():
            raise Refused(_("It has begun already."))
        if in_return is not None:
            to = _owner_of(in_return, to)
        if to is not None:
            check_exchange(shift, to, in_return)
        swap = SwapRequest(shift=shift, offered_by=by, offered_to=to, in_return=in_return, note=note.strip())
        try:
            with transaction.atomic():
                swap.save()
        except IntegrityError:
            raise Refused(_("You offer this shift already.")) from None
        _record("offered", swap, by, to=to.pk if to else None, in_return=in_return.pk if in_return else None)
    return swap


def take_shift(swap: SwapRequest, *, by: User) -> SwapRequest:
    """Say that one would work it. A lead's word makes it so, or one's own where the company lets colleagues decide."""
    with transaction.atomic():
        swap = _held(swap)
        _check_going_on(swap, State.OFFERED)
        if swap.offered_to_id not in (None, by.pk):
            raise PermissionDenied
        check_exchange(swap.shift, by, swap.in_return)
        swap.state, swap.taken_by, swap.taken_at = State.TAKEN, by, timezone.now()
        swap.save(update_fields=["state", "taken_by", "taken_at"])
        _record("taken", swap, by)
        if may_manage(by, swap.shift.team) or Company.objects.filter(swaps_by_themselves=True).exists():
            _hand_over(swap, by)
    return swap


def decide_swap(swap: SwapRequest, *, confirm: bool, by: User) -> SwapRequest:
    """A lead confirms that the shift is the colleague's from now on, or that it stays where it is."""
    if not may_manage(by, swap.shift.team):
        raise PermissionDenied
    with transaction.atomic():
        swap = _held(swap)
        _check_going_on(swap, *((State.TAKEN,) if confirm else (State.OFFERED, State.TAKEN)))
        if confirm:
            _hand_over(swap, by)
        else:
            _end(swap, State.DECLINED, by)
    return swap


def withdraw_swap(swap: SwapRequest, *, by: User) -> SwapRequest:
    """The owner keeps the shift after all."""
    if swap.offered_by_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        swap = _held(swap)
        _check_going_on(swap, State.OFFERED, State.TAKEN)
        _end(swap, State.WITHDRAWN, by)
    return swap


def check_exchange(shift: Shift, taker: User, in_return: Shift | None) -> None:
    """Raises Refused where the taker could not work the shift, or its owner not the one in return."""
    if taker.pk == shift.user_id:
        raise Refused(_("It is your own shift."), field="to")
    gone = [shift] if in_return is None else [shift, in_return]
    try:
        check_shift(taker, shift.team, shift.span, shift.pauses, but=gone)
    except Refused as refusal:
        raise Refused(str(refusal), field="to") from None
    if in_return is None:
        return
    if in_return.cancelled_at or in_return.user_id != taker.pk or in_return.begins_at <= timezone.now():
        raise Refused(_("The shift in return is no longer to be had."), field="in_return")
    try:
        check_shift(shift.user, in_return.team, in_return.span, in_return.pauses, but=gone)
    except Refused as refusal:
        raise Refused(str(refusal), field="in_return") from None


def _owner_of(in_return: Shift, to: User | None) -> User:
    if to is not None and to.pk != in_return.user_id:
        raise Refused(_("The shift in return is another colleague's."), field="in_return")
    return in_return.user


def _hand_over(swap: SwapRequest, by: User) -> None:
    """The shift changes hands, and the one in return, if they still can: in one statement, as each may need the
    other's place."""
    shift, taker, in_return = swap.shift, swap.taken_by, swap.in_return
    assert taker is not None  # a swap that was taken says by whom
    owner = shift.user
    hold([owner, taker])
    check_exchange(shift, taker, in_return)
    moved = {shift: (owner, taker)} | ({in_return: (taker, owner)} if in_return else {})
    for each in moved:
        _void_others(each, swap, by)
    becomes = Case(*(When(pk=each.pk, then=Value(after.pk)) for each, (_before, after) in moved.items()))
    try:
        with transaction.atomic():
            Shift.objects.filter(pk__in=[each.pk for each in moved]).update(
                user=becomes, revision=F("revision") + 1, changed_at=timezone.now()
            )
    except IntegrityError:
        raise Refused(_("%(name)s has another shift then.") % {"name": taker}) from None
    for each, (before, after) in moved.items():
        record(
            "shift.handed_over",
            subject=each,
            by=by,
            team_id=each.team_id,
            before=before.pk,
            user=after.pk,
            begins_at=each.begins_at.isoformat(),
            ends_at=each.ends_at.isoformat(),
            swap=swap.pk,
        )
    _end(swap, State.CONFIRMED, by)


def _void_others(shift: Shift, swap: SwapRequest, by: User) -> None:
    """Other offers of a shift that changes hands, or in return for it."""
    for other in SwapRequest.objects.going_on().filter(Q(shift=shift) | Q(in_return=shift)).exclude(pk=swap.pk):
        _end(other, State.WITHDRAWN, by)


def _end(swap: SwapRequest, state: SwapRequest.State, by: User) -> None:
    swap.state, swap.decided_by, swap.decided_at = state, by, timezone.now()
    swap.save(update_fields=["state", "decided_by", "decided_at"])
    _record(state.value, swap, by)


def _held(swap: SwapRequest) -> SwapRequest:
    """Its shifts are held first, as by everybody who changes one."""
    pks = [pk for pk in (swap.shift_id, swap.in_return_id) if pk is not None]
    list(Shift.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))
    rows = SwapRequest.objects.select_for_update(of=("self",)).select_related("offered_by", "taken_by")
    return rows.select_related("shift__user", "shift__team", "in_return__user", "in_return__team").get(pk=swap.pk)


def _check_going_on(swap: SwapRequest, *states: SwapRequest.State) -> None:
    if swap.state not in states:
        raise Refused(_("It is no longer open: %(state)s.") % {"state": swap.get_state_display()})
    if swap.shift.begins_at <= timezone.now():
        raise Refused(_("It has begun already."))


def _record(past: str, swap: SwapRequest, by: User, **more: object) -> None:
    record(f"swap.{past}", subject=swap, by=by, team_id=swap.shift.team_id, shift=swap.shift_id, **more)
