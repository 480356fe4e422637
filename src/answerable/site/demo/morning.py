"""What the people of the demo company say at their boards each morning: praise, compliments pinned, lessons learned."""

from datetime import datetime, timedelta

from answerable.desk.actions.praise import notice_praise
from answerable.desk.models import Conversation, Notice
from answerable.events.models import Event
from answerable.feedback.models import Rating, Score
from answerable.people.actions.board import give_praise, note_lesson, withdraw_words
from answerable.people.models import LONGEST_WORDS, User
from answerable.policy.actions.comments import add_comment
from answerable.policy.models import Comment
from answerable.site.demo.company import STAFF, Founded

# who, whom, hours ago, words, whether about a conversation of theirs
PRAISE = (
    ("marta", "priya", 20, "Took eleven letters off Tom's desk without being asked, and not one was late.", False),
    ("tom", "edgars", 27, "Rang the carrier until they found Mrs Halloran's parcel. She had given up on it.", False),
    ("janis", "ilze", 44, "Paldies par veidni reklamācijām: tagad tās aizņem piecas minūtes, nevis divdesmit.", False),
    ("nino", "giorgi", 51, "უჩივლეს, დაამშვიდა, გამოასწორა, მადლობა მიიღო. ერთ საათში.", True),
    ("aigerim", "daniyar", 70, "Қиын хатқа жылы әрі анық жауап жазды, оқырман бізге қайта оралды.", True),
    ("marta", "elina", 90, "The club's list for beginners was her idea, and it spares us the same question.", False),
    ("sofia", "oskar", 118, "Explained our invoices so well that the library ordered for two branches.", True),
    ("priya", "tom", 143, "Stayed calm on the phone with the printer, and calm with us afterwards.", False),
)
HASTY = ("edgars", "marta", 30, "Best lead ever!!!")
# who, hours ago, words, objective, whether about a conversation of theirs, whether suggested for the policy
LESSONS = (
    ("priya", 21, "Gift orders have two addresses. Ask which of them it is about before you look.", "", True, False),
    ("edgars", 46, "The carrier answers before ten, and hardly after: lost parcels first thing.", "solve", False, True),
    ("ilze", 52, "Ja raksta no darba adreses, rēķins gandrīz vienmēr jāsūta grāmatvedībai.", "", False, False),
    ("marta", 75, "After a holiday half of the letters say the same. Read ten first.", "answer-soon", False, False),
    ("giorgi", 94, "თუ გადახდა ორჯერ ჩამოიჭრა, ჯერ ბანკის პასუხი უნდა დაველოდოთ.", "", True, False),
    ("aigerim", 121, "Кітап клубының мүшелері тапсырыс нөмірін жазбайды. Аты-жөні бойынша іздеңіз.", "", False, False),
    ("oskar", 166, "Schools order in June and pay in September. Say so in the first letter.", "", False, False),
    ("elina", 215, "A photograph of the damaged page in the first answer saves a day.", "satisfied", False, False),
)
ONE_PINNED_OLDER_THAN = timedelta(days=3)
UNREAD_FOR = timedelta(days=1)


def say_good_morning(company: Founded, *, now: datetime) -> None:
    """After the conversations are there: some of the words are about one."""
    teams = {person.email: company.teams[person.team] for person in STAFF}
    for who, whom, hours, text, is_of_one in PRAISE:
        praised = company.staff[whom]
        give_praise(
            praised=praised,
            board=teams[who],
            text=text,
            conversation=_one_of(praised, now - timedelta(hours=hours), teams[whom].pk) if is_of_one else None,
            by=company.staff[who],
            at=now - timedelta(hours=hours),
        )
    who, whom, hours, text = HASTY
    at = now - timedelta(hours=hours)
    hasty = give_praise(praised=company.staff[whom], board=teams[who], text=text, by=company.staff[who], at=at)
    withdraw_words(hasty, by=company.staff[who])
    _pin(company, now=now)
    for who, hours, text, objective, is_of_one, is_suggested in LESSONS:
        by, at = company.staff[who], now - timedelta(hours=hours)
        number = _one_of(by, at, teams[who].pk) if is_of_one else None
        lesson = note_lesson(board=teams[who], text=text, conversation=number, objective=objective, by=by, at=at)
        if is_suggested:
            add_comment(
                version=company.versions[-1][1],
                part=Comment.Part.OBJECTIVE,
                key=objective,
                text=text,
                by=by,
                language="en",
                at=at + timedelta(minutes=4),
                lesson=lesson,
            )
    for event in Event.objects.filter(verb="praise.given"):
        notice_praise(event)
    Notice.objects.filter(kind="praise", at__lt=now - UNREAD_FOR).update(read_at=now - UNREAD_FOR)


def _pin(company: Founded, *, now: datetime) -> None:
    """A customer's compliment of some days ago; those of yesterday are left to be pinned."""
    marta = company.staff["marta"]
    best = Rating.objects.filter(
        score=Score.VERY_GOOD,
        rated_at__lt=now - ONE_PINNED_OLDER_THAN,
        invitation__agent__isnull=False,
        invitation__conversation__team__in=marta.team_ids,
        invitation__language="en",
    )
    found = best.exclude(comment="").exclude(invitation__agent=marta).order_by("-rated_at")
    rating = found.select_related("invitation__agent", "invitation__contact", "invitation__team").first()
    if rating is None:
        return
    invitation = rating.invitation
    assert invitation.agent is not None
    give_praise(
        praised=invitation.agent,
        board=invitation.team,
        text=rating.comment[:LONGEST_WORDS],
        conversation=invitation.conversation_id,
        said_by=str(invitation.contact),
        source=f"rating-{rating.pk}",
        by=marta,
        at=rating.rated_at + timedelta(hours=16),
    )


def _one_of(person: User, at: datetime, team: int) -> int | None:
    """The last conversation that somebody had solved by then."""
    theirs = Conversation.objects.filter(assignee=person, team=team, solved_at__lt=at, spam_at=None)
    return theirs.order_by("-solved_at").values_list("pk", flat=True).first()
