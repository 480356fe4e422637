"""The first page's other button: look at the demo company."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.models import Company, User
from answerable.site.demo.accounts import accounts, new_password
from answerable.site.demo.board import FAILED, noted, wipe
from answerable.site.demo.company import ADMINISTRATOR
from answerable.site.demo.jobs import load_demo
from answerable.site.welcome.gate import forget_token, may_set_up

PASSWORD = "demo_password"  # noqa: S105 - where the session of whoever asked for the demo keeps it
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """POST asks for it; GET says how far it is and, once it is there, who can sign in."""
    if request.method == "POST":
        return _begin(request)
    if Company.objects.exists():
        return _entrance(request)
    if PASSWORD not in request.session:
        return redirect("welcome")
    words, share = noted()
    context = {"words": _(words) if words else "", "percent": round(100 * share), "has_failed": share == FAILED}
    page = "welcome/demo_progress.html" if request.headers.get("HX-Request") else "welcome/demo.html"
    return render(request, page, context)


@login_not_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign whoever asked for the demo in as its administrator."""
    administrator = _administrator(request)
    if administrator is not None:
        login(request, administrator, backend=BACKEND)
    return redirect("/")


def _begin(request: HttpRequest) -> HttpResponse:
    if Company.objects.exists():
        return redirect("demo")
    if not may_set_up(request, settings.DATA_DIR):
        return render(request, "welcome/token.html", {"data_dir": settings.DATA_DIR}, status=403)
    if PASSWORD not in request.session or noted()[1] == FAILED:
        wipe()
        request.session[PASSWORD], password_hash = new_password()
        load_demo.later(once="demo", password_hash=password_hash)
    return redirect("demo")


def _entrance(request: HttpRequest) -> HttpResponse:
    """The accounts and their password, for whoever asked for them. Everybody else signs in."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    if _administrator(request) is None:
        return redirect("account_login")
    forget_token(settings.DATA_DIR)
    shown = {"accounts": accounts(), "password": request.session[PASSWORD]}
    return render(request, "welcome/demo_loaded.html", shown)


def _administrator(request: HttpRequest) -> User | None:
    """Ada, where the session's password is hers: it was this visitor who asked."""
    ada = User.objects.filter(email=ADMINISTRATOR).first()
    return ada if ada and ada.check_password(request.session.get(PASSWORD)) else None
