"""Surveys, wide and long."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerable.measure.reading.headers import columns_of
from answerable.measure.reading.questionnaires import DIMENSIONS, parse
from tests.measure.reading.test_tables_of_text import at, reading, rows

ANSWER = ("respondent", "item", "part", "dimension", "value")


def test_satisfaction_is_ratings(tmp_path: Path) -> None:
    text = "Ticket ID,Agent,CSAT score,Submitted at\n7,Ann,5,2026-03-02 09:00\n8,Ann,n/a,2026-03-02 10:00\n9,Bo,2,\n"
    with reading(tmp_path, text, "csat.csv") as found:
        assert rows(found, "ratings", "conversation_id", "score", "rated_at", "agent") == [
            (7, 5, at("2026-03-02 09:00"), "Ann"), (8, None, None, "Ann"),
        ]  # fmt: skip
        assert [(each.line, each.reason) for each in found.bad] == [(4, "no date, where other answers have one")]


HELP_SCOUT = (
    "Rating,Customer,User,Conversation,Date\nGreat,Ann,Bo,7,2026-03-02\nOkay,Ann,Bo,8,2026-03-02\n"
    "Not Good,Eve,Bo,9,2026-03-02\n"
)
ZOHO = (
    "Ticket Id,Created Time (Ticket),Happiness Rating\n7,2026-03-02 09:00,Good\n8,2026-03-02 09:00,Okay\n"
    "9,2026-03-02 09:00,Bad\n10,2026-03-02 09:00,\n"
)
FORM = (
    "Response ID,How satisfied were you with our help?,Submitted at\n7,Very satisfied,2026-03-02\n"
    "8,Neutral,2026-03-02\n9,Very dissatisfied,2026-03-02\n10,Not applicable,2026-03-02\n"
)


@pytest.mark.parametrize(("text", "faces"), [(HELP_SCOUT, True), (ZOHO, True), (FORM, False)])
def test_ratings_in_words(tmp_path: Path, text: str, faces: bool) -> None:
    """Help Scout's happiness ratings, Zoho Desk's beside its tickets, and a form's steps of satisfaction."""
    with reading(tmp_path, text, "ratings.csv") as found:
        scores = rows(found, "ratings", "conversation_id", "score")
        assert [row for row in scores if row[1] is not None] == [(7, 5), (8, 3), (9, 1)]
        assert found.bad_count == 0
        assert bool(found.files[0].mapping.proxies) is faces


def test_promoters_wide_and_what_is_no_such_answer(tmp_path: Path) -> None:
    text = (
        "Response ID;Date;How likely are you to recommend us?;Segment;Comment\n"
        "a1;02.03.2026;10 (extremely likely);gold;Thanks\na2;13.03.2026;6;silver;\na3;13.03.2026;11;gold;\n"
        "a4;13.03.2026;;gold;\na5;13.03.2026;7,5;gold;\na6;13.03.2026;0;gold;\n"
    )
    with reading(tmp_path, text, "answers.csv") as found:
        assert rows(found, "answers", "instrument", "respondent", "value", "segment", "at") == [
            ("nps", "a1", 10, "gold", at("2026-03-02 00:00")), ("nps", "a2", 6, "silver", at("2026-03-13 00:00")),
            ("nps", "a6", 0, "gold", at("2026-03-13 00:00")),
        ]  # fmt: skip
        assert [(each.line, each.value, each.reason) for each in found.bad] == [
            (4, "11", "NPS answers are whole numbers from 0 to 10"),
            (6, "7,5", "NPS answers are whole numbers from 0 to 10"),
        ]
        assert "nps" not in {each.kpi for each in found.missing}


def test_effort_in_words_of_seven(tmp_path: Path) -> None:
    text = (
        "id,The company made it easy to handle my issue\n1,Strongly agree\n2,Somewhat agree\n3,Don't know\n4,disagree\n"
    )
    with reading(tmp_path, text, "ces.csv") as found:
        assert rows(found, "answers", "instrument", "respondent", "value") == [
            ("ces", "1", 7), ("ces", "2", 5), ("ces", "4", 2),
        ]  # fmt: skip
        assert found.bad_count == 0


@pytest.mark.parametrize(
    ("expected", "perceived"),
    [("E{}", "P{}"), ("expectation_{}", "perception_{}"), ("Q{}_E", "Q{}_P"), ("Expected {}", "Perceived {}")],
)
def test_pairs_of_expectation_and_perception(tmp_path: Path, expected: str, perceived: str) -> None:
    header = ["Respondent", *(expected.format(n) for n in range(1, 23)), *(perceived.format(n) for n in range(1, 23))]
    values = ["r1", *(str(n % 7 + 1) for n in range(22)), *["7"] * 21, ""]
    with reading(tmp_path, ",".join(header) + "\n" + ",".join(values) + "\n", "survey.csv") as found:
        answers = rows(found, "answers", *ANSWER)
        assert len(answers) == 43
        assert {answer[0] for answer in answers} == {"r1"}
        each = [sum(a[2] == "expectation" and a[3] == dimension for a in answers) for dimension in DIMENSIONS]
        assert each == [4, 5, 4, 4, 5]
        assert found.files[0].mapping.instrument == "servqual"
        assert found.bad_count == 0


HALVES = (("expectation", 1), ("perception", 2))


@pytest.mark.parametrize(("pair", "short"), [("E_{0},P_{0}", "TAN REL RES ASS EMP"), ("{0}E,{0}P", "T RL RS A E")])
def test_dimensions_in_a_few_letters(tmp_path: Path, pair: str, short: str) -> None:
    """All five, with a number behind."""
    header = ",".join(pair.format(f"{letters}{n}") for letters in short.split() for n in (1, 2))
    with reading(tmp_path, f"ID,{header}\n7,{','.join('12' * 10)}\n", "survey.csv") as found:
        told = rows(found, "answers", "part", "dimension", "value")
        assert told == [(half, each, value) for each in DIMENSIONS for _ in (1, 2) for half, value in HALVES]


def test_pairs_with_dimensions_in_their_names_and_weights(tmp_path: Path) -> None:
    header = (
        "P_tangibles_1,E_tangibles_1,P_empathy_1,E_empathy_1,P_empathy_2,E_empathy_2,weight_tangibles,weight_empathy"
    )
    with reading(tmp_path, f"{header},Team\n4,5,3,5,4,,40,60,Care\n", "q.csv") as found:
        answers = rows(found, "answers", "item", "part", "dimension", "value", "team")
        assert ("tangibles 1", "perception", "tangibles", 4, "Care") in answers
        assert ("empathy", "weight", "empathy", 60, "Care") in answers
        assert len(answers) == 7


def test_long_form_with_halves_in_a_column_or_in_the_item(tmp_path: Path) -> None:
    halves = (
        "respondent,item,part,value\n1,reliability_1,Expectation,6\n1,reliability_1,Perception,4\n1,x,Perception,oops\n"
    )
    with reading(tmp_path, halves, "servqual.csv") as found:
        assert rows(found, "answers", *ANSWER)[:2] == [
            ("1", "reliability_1", "expectation", None, 6), ("1", "reliability_1", "perception", None, 4),
        ]  # fmt: skip
        assert found.bad_count == 1
    items = "respondent,question,answer\n" + "".join(f"1,{half}{n},{n}\n" for n in range(1, 6) for half in "EP")
    with reading(tmp_path, items, "servqual.csv") as found:
        assert rows(found, "answers", *ANSWER)[0] == ("1", "1", "expectation", None, 1)
    several = "respondent,survey,question,answer\n1,NPS,q1,9\n1,CSAT,q2,5\n2,CES,q3,8\n2,weather,q4,1\n"
    with reading(tmp_path, several, "all.csv") as found:
        assert sorted(rows(found, "answers", "instrument", "value")) == [("csat", 5), ("nps", 9)]
        assert sorted(each.reason for each in found.bad) == [
            "CES answers are whole numbers from 1 to 7", "there is no instrument in it",
        ]  # fmt: skip


def test_whole_sentences_are_questions_of_engagement(tmp_path: Path) -> None:
    text = "Team,I am proud of my work,I have time to learn,Years here,eNPS\nA,5,4,3,9\nA,4,2,8,7\n"
    with reading(tmp_path, text, "engagement.csv") as found:
        assert {row[0] for row in rows(found, "answers", "item")} == {
            "I am proud of my work", "I have time to learn", "eNPS",
        }  # fmt: skip


def test_of_engagement_no_name_is_kept(tmp_path: Path) -> None:
    names = [f"Person {number:03}" for number in range(40)]
    text = "Name,Employee ID,Email,Department,Date,Q1,Q2,eNPS\n" + "".join(
        f"{name},{number + 9000},p{number}@example.org,{'AB'[number % 2]},2026-03-{number % 28 + 1:02},4,5,9\n"
        for number, name in enumerate(names)
    )
    with reading(tmp_path, text, "engagement pulse.csv") as found:
        table = found.arrow("answers")
        assert table.num_rows == 120
        kept = " ".join(str(value) for column in table.column_names for value in table.column(column).to_pylist())
        assert "Person" not in kept
        assert "example.org" not in kept
        assert not set(map(str, range(9000, 9040))) & set(kept.split())
        assert set(table.column("at").to_pylist()) == {at("2026-03-01 00:00")}
        assert set(table.column("team").to_pylist()) == {"A", "B"}
        assert len(set(table.column("respondent").to_pylist())) == 40
        staged = found.con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'part%'").fetchall()
        assert staged == [(0,)]


@pytest.mark.parametrize(
    ("text", "item", "part"),
    [("E1", "1", "expectation"), ("p22", "22", "perception"),
     ("Perceived staff are polite", "staff are polite", "perception"),
     ("q7 exp", "q 7", "expectation"), ("importance of empathy", "empathy", "weight")],
)  # fmt: skip
def test_what_a_header_says(text: str, item: str, part: str) -> None:
    found = parse(text)
    assert found is not None
    assert (found.item, found.part) == (item, part)


def test_headers_that_say_nothing_of_pairs() -> None:
    assert parse("Email") is None
    assert parse("Priority") is None
    assert parse("P") is None


@pytest.mark.parametrize(
    ("when", "first", "second"),
    [
        ("Laika zīmogs", "Cik apmierināts jūs esat ar apkalpošanu?", "Vai ieteiktu mūs draugiem?"),
        ("Отметка времени", "Насколько вы удовлетворены ответом?", "Порекомендуете ли вы нас?"),
        ("დროის ნიშნული", "რამდენად კმაყოფილი ხართ?", "გვირჩევდით თუ არა მეგობარს?"),
        ("Уақыт белгісі", "Қызметке қанағаттанасыз ба?", "Бізді досыңызға ұсынасыз ба?"),
        ("Start Date,End Date", "How satisfied are you with us?", "Would you recommend us?"),
    ],
)
def test_forms_that_others_make(tmp_path: Path, when: str, first: str, second: str) -> None:
    """Two questions, in the reader's language, as forms on the web write them; a start and an end are no work."""
    stamp = ",".join(["2026-03-02 09:00"] * len(when.split(",")))
    text = f"{when},{first},{second}\n" + f"{stamp},4,9\n" * 3
    with reading(tmp_path, text, "form.csv") as found:
        assert rows(found, "answers", "instrument", "value", "at") == [
            *[("csat", 4, at("2026-03-02 09:00"))] * 3, *[("nps", 9, at("2026-03-02 09:00"))] * 3,
        ]  # fmt: skip


def test_stars_and_statements_of_staff(tmp_path: Path) -> None:
    with reading(tmp_path, "Review Date,Star Rating\n2026-03-02,5 stars\n2026-03-02,1 star\n", "r.csv") as found:
        assert rows(found, "ratings", "score") == [(5,), (1,)]
    text = "Team,I know what is expected of me,My opinion counts at work\nA,Agree,Strongly agree\nA,Disagree,Neutral\n"
    with reading(tmp_path, text, "engagement.csv") as found:
        assert sorted(rows(found, "answers", "instrument", "value")) == [("engagement", n) for n in (2, 3, 4, 5)]


MONKEY = (
    "Respondent ID,Start Date,End Date,Would you recommend us?,How do you find our,,Why?\n"
    ',,,Response,Speed,"Kind\nness",Open-Ended Response\n'
    "118,03/02/2026 10:01:22 AM,03/02/2026 10:03:22 AM,9,4,5,good\n"
    "119,03/13/2026 10:01:22 AM,03/13/2026 10:03:22 AM,16,4,5,\n"
)
QUALTRICS = (
    "EndDate,ResponseId,Q1,Q1_NPS_GROUP\nEnd Date,Response ID,Would you recommend us?,Would you recommend us? - Group\n"
    '"{""ImportId"":""endDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""Q1""}","{""ImportId"":""Q1_G""}"\n'
    "2026-03-02 10:03:22,118,9,Promoter\n2026-03-13 10:03:22,119,16,Promoter\n"
)


@pytest.mark.parametrize(("text", "line"), [(MONKEY, 5), (QUALTRICS, 5)])
def test_headers_of_more_than_one_row(tmp_path: Path, text: str, line: int) -> None:
    """SurveyMonkey's two and Qualtrics' three are no answers, and lines are counted with them."""
    with reading(tmp_path, text, "answers.csv") as found:
        assert rows(found, "answers", "instrument", "respondent", "value", "at") == [
            ("nps", "118", 9, at("2026-03-02 10:03:22"))
        ]
        assert [(each.line, each.value) for each in found.bad] == [(line, "16")]
        assert found.files[0].rows == 2


def test_parts_of_a_question_are_named_by_both_rows() -> None:
    header = [tuple(line.split(",")) for line in ("ID,How do you find our,,Why?", ",Speed,Kindness,Response", "1,4,5,")]
    assert columns_of(header) == (("ID", "How do you find our: Speed", "How do you find our: Kindness", "Why?"), 2)
    said = [("Ticket", "Status"), ("", "Open"), ("2", "Closed")]
    assert columns_of(said) == (("Ticket", "Status"), 1)
