"""What others publish, as the demo company has written it down, and its own promises, shown to customers."""

from datetime import date, datetime, timedelta

from answerable.people.models import User
from answerable.policy.actions.comments import add_comment
from answerable.policy.actions.publication import publish_promises
from answerable.policy.actions.published import Facts, add_figures, add_starting_set, choose_scope, retire_figure
from answerable.policy.models import Comment, Publication, PublishedFigure, Version

AMONG = "online booksellers"
ADDED_DAYS_AGO, PUBLISHED_DAYS_AGO = 80, 28
# competitor, statistic, value, unit, how many days ago it ended, definition, source. Invented, like the company.
FIGURES = (
    ("Larkspur & Daughters", "first_response.business.p50.kaplan_meier", 2.6 * 3600, "seconds", 51,
     "Half of all letters have an answer within 2.6 business hours; those unanswered are counted.",
     "Larkspur & Daughters, Service in numbers"),
    ("Fjordlight Media", "first_response.mean", 7.5 * 3600, "seconds", 140,
     "Mean of the letters that were answered.", "Fjordlight Media, annual report"),
    ("Larkspur & Daughters", "resolution.business.p50.kaplan_meier", 13 * 3600, "seconds", 51,
     "Half of all requests are solved within 13 business hours.", "Larkspur & Daughters, Service in numbers"),
    ("Fjordlight Media", "csat.top_two_box", 0.82, "share", 140,
     "4 and 5 on a scale of 1 to 5.", "Fjordlight Media, annual report"),
    ("", "csat.top_two_box", 0.79, "share", 200, "4 and 5 on a scale of 1 to 5; 31 shops.",
     "Guild of Booksellers, yearbook"),
    ("", "first_response.business.p50.kaplan_meier", 4.5 * 3600, "seconds", 930,
     "Median of business hours, unanswered letters counted; 24 shops.", "Guild of Booksellers, yearbook"),
    ("", "compliance.own_standard", 0.91, "share", 200, "Each shop by its own promise.",
     "Guild of Booksellers, yearbook"),
)  # fmt: skip
RETIRED = Facts(
    "csat.thumbs", 0.9, "share", AMONG, date(2020, 12, 31), "A blog nobody finds any more", competitor="Papermill Post"
)


def publish(*, by: User, now: datetime) -> None:
    """Figures of competitors and of an industry beside the starting set, and the promises open to customers."""
    added_at, today = now - timedelta(days=ADDED_DAYS_AGO), now.date()
    add_starting_set(by=by, at=added_at)
    figures = [
        Facts(statistic, value, unit, AMONG, today - timedelta(days=ended), source, definition, competitor)
        for competitor, statistic, value, unit, ended, definition, source in FIGURES
    ]
    early = [each for each in figures if each.until < added_at.date()]
    add_figures([*early, RETIRED], by=by, at=added_at)
    for facts in figures:
        if facts not in early:  # published since
            add_figures([facts], by=by, at=now - timedelta(days=9))
    retire_figure(PublishedFigure.objects.get(source=RETIRED.source), by=by)
    choose_scope(AMONG, by=by)
    publish_promises(by=by)
    Publication.objects.update(published_at=now - timedelta(days=PUBLISHED_DAYS_AGO))


# standard, language, how many days ago, what a customer wrote on the public page
REMARKS = (
    ("first-response", "en", 21, "Four hours is fine by day. Could you say what happens to letters written on Friday?"),
    ("first-response", "lv", 12, "Paldies, ka rakstāt arī, cik bieži solījumu neturat. Tā nedara neviens."),
    ("first-response", "ka", 8, "შაბათსაც რომ პასუხობდეთ, ძალიან კარგი იქნებოდა."),
    ("resolution", "kk", 5, "Жауапты тез аламын, бірақ шешім кейде ұзаққа созылады."),
    ("club-first-response", "en", 3, "Half the time for members is a nice promise. Last week it took you a day."),
)


def remark(version: Version, *, now: datetime) -> None:
    """What customers have said of the promises since they could."""
    for key, language, days, text in REMARKS:
        add_comment(
            version=version,
            part=Comment.Part.STANDARD,
            key=key,
            text=text,
            language=language,
            at=now - timedelta(days=days),
        )
