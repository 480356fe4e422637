"""Signing in (allauth's views at our addresses), settings of oneself, of the company, of teams and staff; the team's
own pages."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path, re_path
from django.views.generic import RedirectView

from answerable.people.views import attendance, company, invitation, members, profile, skills, staff, structure, teams
from answerable.people.views.board import lessons, praise
from answerable.people.views.rota import absences, calendars, patterns, shifts, swaps, weeks

signing_in = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/code/", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("password/changed/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("invitations/<str:token>/", invitation.invitation, name="invitation"),
]

security = [
    path("settings/security/", factors.index, name="mfa_index"),
    path("settings/security/password/", account.password_change, name="account_change_password"),
    path("settings/security/password/first/", account.password_set, name="account_set_password"),
    path("settings/security/app/", app.activate_totp, name="mfa_activate_totp"),
    path("settings/security/app/removal/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("settings/security/passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("settings/security/passkeys/new/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("settings/security/passkeys/<int:pk>/removal/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("settings/security/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("settings/security/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("settings/security/codes/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("settings/security/sessions/", profile.Sessions.as_view(), name="usersessions_list"),
    path("settings/security/sessions/<int:pk>/", profile.session, name="session"),
]

settings = [
    path("settings/", RedirectView.as_view(pattern_name="settings-profile"), name="settings"),
    path("settings/profile/", profile.profile, name="settings-profile"),
    path("settings/company/", company.company, name="settings-company"),
    path("settings/teams/", teams.teams, name="settings-teams"),
    path("settings/teams/<int:pk>/", teams.team, name="team-page"),
    path("settings/teams/<int:pk>/place/", teams.place, name="team-place"),
    path("settings/teams/<int:pk>/retirement/", teams.retirement, name="team-retirement"),
    path("settings/teams/<int:pk>/members/", members.members, name="team-members"),
    path("settings/memberships/<int:pk>/", members.member, name="membership"),
    path("settings/staff/", staff.staff, name="settings-staff"),
    path("settings/staff/<int:pk>/", staff.person, name="person"),
    path("settings/staff/<int:pk>/invitation/", staff.invitation, name="person-invitation"),
    path("settings/staff/<int:pk>/deactivation/", staff.deactivation, name="person-deactivation"),
]

presence = [
    path("attendance/", attendance.attendance, name="attendance"),
    path("attendance/signs/", attendance.signs, name="attendance-signs"),
]

area = [
    path("team/", structure.structure, name="team"),
    path("team/moves/", structure.moves, name="team-moves"),
    path("team/history/", structure.history, name="team-history"),
    path("team/skills/", skills.skills, name="team-skills"),
    path("team/skills/<int:pk>/", skills.skill, name="skill"),
    path("team/skills/<int:pk>/retirement/", skills.skill_retirement, name="skill-retirement"),
    path("team/people/<int:pk>/skills/", skills.abilities, name="person-skills"),
]

rota = [
    path("rota/", weeks.week, name="rota"),
    path("rota/layouts/", weeks.layouts, name="rota-layouts"),
    path("rota/copies/", weeks.copies, name="rota-copies"),
    path("rota/shifts/", shifts.shifts, name="rota-shifts"),
    path("rota/shifts/<int:pk>/", shifts.shift, name="rota-shift"),
    path("rota/shifts/<int:pk>/cancellation/", shifts.cancellation, name="rota-shift-cancellation"),
    path("rota/shifts/<int:pk>/offers/", swaps.offers, name="rota-shift-offers"),
    path("rota/patterns/", patterns.patterns, name="rota-patterns"),
    path("rota/patterns/<int:pk>/ending/", patterns.ending, name="rota-pattern-ending"),
    path("rota/absences/", absences.absences, name="rota-absences"),
    path("rota/absences/<int:pk>/decision/", absences.decision, name="rota-absence-decision"),
    path("rota/absences/<int:pk>/withdrawal/", absences.withdrawal, name="rota-absence-withdrawal"),
    path("rota/swaps/", swaps.swaps, name="rota-swaps"),
    path("rota/swaps/<int:pk>/taking/", swaps.taking, name="rota-swap-taking"),
    path("rota/swaps/<int:pk>/decision/", swaps.decision, name="rota-swap-decision"),
    path("rota/swaps/<int:pk>/withdrawal/", swaps.withdrawal, name="rota-swap-withdrawal"),
    path("rota/calendars/", calendars.calendars, name="rota-calendars"),
    path("rota/calendars/<int:pk>/withdrawal/", calendars.withdrawal, name="rota-calendar-withdrawal"),
    path("rota/<slug:key>.ics", calendars.feed, name="rota-feed"),
]

board = [
    path("today/praise/", praise.praise, name="praise"),
    path("today/praise/pins/", praise.pins, name="praise-pins"),
    path("today/praise/<int:pk>/", praise.praise_words, name="praise-words"),
    path("today/praise/<int:pk>/withdrawal/", praise.praise_withdrawal, name="praise-withdrawal"),
    path("today/lessons/", lessons.lessons, name="lessons"),
    path("today/lessons/<int:pk>/", lessons.lesson, name="lesson"),
    path("today/lessons/<int:pk>/withdrawal/", lessons.lesson_withdrawal, name="lesson-withdrawal"),
]

urlpatterns = [*signing_in, *security, *settings, *presence, *area, *rota, *board]
