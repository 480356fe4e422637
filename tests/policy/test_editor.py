"""The editor's pages: what is typed is written, what is wrong is said beside its field, and nothing typed is lost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.policy.actions import begin_draft, load_default, mistakes_of, save_draft
from answerable.policy.editing.manuscript import Manuscript
from answerable.policy.models import Version
from tests.cast import Cast


@pytest.fixture
def draft(cast: Cast) -> Version:
    version = load_default(cast.company, by=cast.ada)
    return begin_draft(based_on=version, document=version.document, by=cast.ada)


@pytest.fixture
def ada(cast: Cast) -> Client:
    return signed_in(cast.ada)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def sent(client: Client, address: str) -> dict[str, object]:
    """What the browser would send if nothing were typed."""
    form = client.get(address).context["form"]
    data: dict[str, object] = {"revision": form["revision"].value()}
    forms = [form, *(row for rows in form.rows.values() for row in rows)]
    for each in forms:
        for name in each.fields:
            value = each[name].value()
            data[each.add_prefix(name)] = "" if value is None else value
    for name, rows in form.rows.items():
        data[f"{name}-rows"] = len(rows)
    return data


def document() -> str:
    return Version.objects.get(number=2).document


def values(part: str, key: str) -> dict[str, object]:
    parsed = Manuscript(document()).values[part]
    found: dict[str, object] = parsed[key] if part == "hours" else next(each for each in parsed if each["key"] == key)
    return found


EVERY_PART = [
    "/policy/drafts/2/mission/",
    "/policy/drafts/2/objective/answer-soon/",
    "/policy/drafts/2/standard/resolution/",
    "/policy/drafts/2/escalation/usual/",
    "/policy/drafts/2/hours/office/",
]


@pytest.mark.parametrize("address", EVERY_PART)
def test_saving_what_one_sees_changes_not_a_letter(cast: Cast, draft: Version, ada: Client, address: str) -> None:
    answer = ada.post(address, sent(ada, address))
    assert answer.status_code == 302
    assert document() == draft.document
    assert Version.objects.get(number=2).revision == 1


def test_a_promise_is_changed(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/standard/first-response/"
    typed = sent(ada, address) | {
        "amount": 90,
        "unit": "minutes",
        "promise_en": "We answer within 90 minutes.",
        "when_channel": ["email", "chat"],
        "when_segment": ["gold"],
        "when_region": "LV, GE-TB",
        "pauses": ["on_hold"],
        "escalation": "",
    }
    assert ada.post(address, typed).status_code == 302
    assert values("standard", "first-response") == {
        "key": "first-response",
        "objective": "answer-soon",
        "clock": "first_response",
        "within": "90 working minutes",
        "hours": "office",
        "when": {"channel": ["email", "chat"], "segment": ["gold"], "region": ["LV", "GE-TB"]},
        "pauses": ["on_hold"],
        "promise": values("standard", "first-response")["promise"],
    }
    assert "We answer within 90 minutes." in document()
    assert "Uz katru e-pasta vēstuli" in document()


def test_what_core_finds_wrong_stands_beside_its_field(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/standard/first-response/"
    answer = ada.post(address, sent(ada, address) | {"amount": 999_999, "unit": "days", "promise_en": "Typed."})
    assert answer.status_code == 422
    assert answer.context["form"].errors["amount"]
    assert "Typed." in answer.text
    answer = ada.post(address, sent(ada, address) | {"amount": "soon", "clock": "nonsense"})
    assert set(answer.context["form"].errors) == {"amount", "clock"}
    answer = ada.post(address, sent(ada, address) | {"when_segment": ["silver"], "promise_en": "Typed."})
    assert answer.context["form"].errors["when_segment"]
    assert (answer.status_code, "Typed." in answer.text) == (422, True)
    address = "/policy/drafts/2/standard/urgent-first-response/"
    answer = ada.post(address, sent(ada, address) | {"when_priority": []})
    assert "which comes first, so it would never apply." in answer.text
    assert document() == draft.document


def test_a_new_promise_needs_no_key(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/new/standard/"
    typed = sent(ada, address) | {
        "promise_en": "We answer chats within 5 minutes.",
        "amount": 5,
        "unit": "minutes",
        "when_channel": ["chat"],
        "objective": "answer-soon",
    }
    assert ada.post(address, typed).status_code == 302
    assert values("standard", "first-response-chat")["within"] == "5 working minutes"
    assert mistakes_of(document()) == ()
    assert ada.post(address, typed | {"revision": 2}).status_code == 422  # the same conversations: it never would apply


def test_an_objective_serves_a_sentence_of_the_mission(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/new/objective/"
    typed = sent(ada, address) | {
        "sentence": "Nobody waits a day.",
        "serves": "We answer everyone soon, by someone who understood the question.",
        "kpi": "compliance",
        "amount": "99.5",
        "unit": "%",
    }
    assert ada.post(address, typed).status_code == 302
    assert values("objective", "nobody-waits-a-day")["target"] == "99.5 %"
    answer = ada.post(address, typed | {"revision": 2, "sentence": "Another.", "serves": "We are rich."})
    assert set(answer.context["form"].errors) == {"serves"}
    answer = ada.post(address, typed | {"revision": 2, "sentence": "Another.", "unit": "days"})
    assert set(answer.context["form"].errors) == {"amount"}


def test_a_team_that_is_retired_is_not_offered(cast: Cast, draft: Version, ada: Client) -> None:
    cast.sales.retired_at = timezone.now()
    cast.sales.save()
    form = ada.get("/policy/drafts/2/standard/resolution/").context["form"]
    assert {key for key, _name in form.fields["when_team"].choices} == {"everyone", "support", "latvia"}
    recipients = ada.get("/policy/drafts/2/escalation/usual/").context["form"].workshop.recipients
    assert "team:sales" not in dict(recipients)


def test_steps_are_put_in_the_order_of_time(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/escalation/usual/"
    typed = sent(ada, address) | {"steps-0-at": 150, "steps-0-to": "team:sales"}
    assert ada.post(address, typed).status_code == 302
    steps = values("escalation", "usual")["steps"]
    assert isinstance(steps, list)
    assert [step["at"] for step in steps] == ["80%", "100%", "100%", "150%"]
    typed = sent(ada, address) | {"steps-0-at": 0, "steps-1-to": ""}
    answer = ada.post(address, typed)
    rows = answer.context["form"].rows["steps"].forms
    assert (set(rows[0].errors), set(rows[1].errors)) == ({"at"}, set()) or "to" in rows[1].errors


def test_rows_are_added_moved_and_taken_out_without_saving(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/escalation/usual/"
    typed = sent(ada, address) | {"steps-0-at": "typed"}
    for pressed, shares in (
        ("steps:add", ["typed", "80", "100", "100", None]),
        ("steps:remove:1", ["typed", "100", "100"]),
        ("steps:down:0", ["80", "typed", "100", "100"]),
        ("steps:up:0", ["typed", "80", "100", "100"]),
        ("steps:remove:77", ["typed", "80", "100", "100"]),
        ("nonsense", ["typed", "80", "100", "100"]),
    ):
        answer = ada.post(address, typed | {"row": pressed})
        assert answer.status_code == 200
        assert [row["at"].value() for row in answer.context["form"].rows["steps"]] == shares
    assert document() == draft.document


def test_hours_that_overlap_are_refused_at_their_day(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/hours/office/"
    typed = sent(ada, address) | {
        "monday-rows": 2,
        "monday-1-opens": "17",
        "monday-1-closes": "20:00",
        "dates-0-on": "2026-12-24",
        "dates-0-open": "9-13",
    }
    answer = ada.post(address, typed)
    assert answer.status_code == 422
    assert answer.context["form"].rows["monday"].errors == ["These intervals overlap."]
    assert 'value="17"' in answer.text
    typed |= {"monday-1-opens": "19.30", "holidays-rows": 2, "holidays-1-place": "EE"}
    assert ada.post(address, typed).status_code == 302
    office = values("hours", "office")
    assert office["monday"] == ["09:00-18:00", "19:30-20:00"]
    assert office["dates"] == {"2026-12-24": ["09:00-13:00"]}
    assert office["holidays"] == ["LV", "EE"]
    assert mistakes_of(document()) == ()


def test_a_procedure_is_written_step_by_step_in_several_languages(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/new/procedure/"
    typed = sent(ada, address) | {
        "title_en": "Refunds",
        "title_lv": "Naudas atmaksa",
        "objective": "solve",
        "when_channel": ["chat"],
        "steps-rows": 3,
        "steps-0-text_en": "Find the order.",
        "steps-1-text_en": "",
        "steps-2-text_en": "Pay it back.",
        "steps-2-text_lv": "Atmaksā.",
    }
    assert ada.post(address, typed).status_code == 302
    assert values("procedure", "refunds") == {
        "key": "refunds",
        "objective": "solve",
        "title": {"en": "Refunds", "lv": "Naudas atmaksa"},
        "when": {"channel": ["chat"]},
        "steps": ["Find the order.", {"en": "Pay it back.", "lv": "Atmaksā."}],
    }
    address = "/policy/drafts/2/procedure/refunds/"
    before = document()
    assert ada.post(address, sent(ada, address)).status_code == 302
    assert document() == before
    answer = ada.post(address, sent(ada, address) | {"steps-1-text_en": "", "title_en": ""})
    assert set(answer.context["form"].errors) == {"title_en"}
    assert set(answer.context["form"].rows["steps"].forms[1].errors) == {"text_en"}
    assert "Atmaksā." in answer.text
    answer = ada.post(address, sent(ada, address) | {"steps-rows": 0})
    assert answer.context["form"].rows["steps"].errors == ["Add the first step."]


def test_a_region_has_hours_tone_and_targets_of_its_own(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/new/region/"
    typed = sent(ada, address) | {
        "code": "GE",
        "title_en": "Georgia",
        "hours": "office",
        "language": "ka",
        "tone_en": "Warm and formal.",
        "target_satisfied": "90",
        "unit_satisfied": "%",
    }
    assert ada.post(address, typed).status_code == 302
    assert values("region", "GE") == {
        "key": "GE",
        "title": "Georgia",
        "hours": "office",
        "language": "ka",
        "tone": "Warm and formal.",
        "targets": {"satisfied": "90 %"},
    }
    address = "/policy/drafts/2/region/GE/"
    before = document()
    assert ada.post(address, sent(ada, address)).status_code == 302
    assert document() == before
    answer = ada.post(address, sent(ada, address) | {"target_satisfied": "900"})
    assert set(answer.context["form"].errors) == {"target_satisfied"}
    address = "/policy/drafts/2/standard/first-response/"
    typed = sent(ada, address) | {"hours": "regional", "otherwise": "office"}
    assert ada.post(address, typed).status_code == 302
    assert (values("standard", "first-response")["hours"], mistakes_of(document())) == ("regional", ())


def test_an_objective_has_somebody_who_answers_for_it(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/objective/solve/"
    typed = sent(ada, address) | {"owner": "alice@example.com", "every": "3", "every_unit": "months"}
    assert ada.post(address, typed).status_code == 302
    assert (values("objective", "solve")["owner"], values("objective", "solve")["review_every"]) == (
        "alice@example.com",
        "3 months",
    )
    answer = ada.post(address, sent(ada, address) | {"every": "900"})
    assert set(answer.context["form"].errors) == {"every"}
    page = ada.get("/policy/drafts/2/").text
    assert "Alice answers for it instead of nobody." in page
    assert "looked at again every 3 months; until now never." in page


def test_however_many_days_differ_none_is_lost(cast: Cast, draft: Version, ada: Client) -> None:
    days = "".join(f'"{2026 + month // 12}-{month % 12 + 1:02d}-15" = []\n' for month in range(90))
    many = draft.document.replace("# [hours.office.dates]", f"[hours.office.dates]\n{days}")
    save_draft(draft, document=many, revision=1, by=cast.ada)
    address = "/policy/drafts/2/hours/office/"
    assert ada.post(address, sent(ada, address) | {"time_zone": "Europe/Tallinn"}).status_code == 302
    assert document() == many.replace('"Europe/Riga"', '"Europe/Tallinn"')


def test_two_people_at_once_on_one_page(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/standard/first-response/"
    typed = sent(ada, address) | {"promise_en": "Ada's words."}
    faster = draft.document.replace('within = "8 working hours"', 'within = "6 working hours"')
    save_draft(draft, document=faster, revision=1, by=cast.alice)
    answer = ada.post(address, typed)
    assert answer.status_code == 409
    assert "Ada&#x27;s words." in answer.text
    assert "promised within 6 working hours instead of 8 working hours." in answer.text
    assert answer.context["revision"] == 2
    assert ada.post(address, typed | {"revision": 2}).status_code == 302
    assert "Ada's words." in document()
    assert "6 working hours" in document()


def test_what_somebody_took_out_meanwhile_is_written_again(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/escalation/usual/"
    typed = sent(ada, address)
    assert ada.post(address, {"revision": 1, "remove": "1"}).status_code == 302
    assert ada.get(address).status_code == 404
    assert ada.post(address, typed).status_code == 409
    assert ada.post(address, typed | {"revision": 2, "name": "usual"}).status_code == 302
    assert mistakes_of(document()) == ()


def test_a_wrong_document_is_still_opened_and_what_is_no_document_is_mended_as_one(
    cast: Cast, draft: Version, ada: Client
) -> None:
    save_draft(draft, document='title = 3\nmission = "M."\nstandard = [{ within = 4, promise = 5, when = 6 }]',
               revision=1, by=cast.ada)  # fmt: skip
    assert ada.get("/policy/drafts/2/").status_code == 200
    assert ada.get("/policy/drafts/2/standard/@1/").status_code == 200
    assert ada.get("/policy/drafts/2/mission/").status_code == 200
    save_draft(draft, document="title = [", revision=2, by=cast.ada)
    assert ada.get("/policy/drafts/2/").status_code == 200
    assert ada.get("/policy/drafts/2/mission/")["Location"] == "/policy/drafts/2/document/"
    assert ada.get("/policy/drafts/2/nonsense/x/").status_code == 404
    assert ada.get("/policy/drafts/1/mission/")["Location"] == "/policy/drafts/1/"


@pytest.mark.parametrize(
    ("document", "address"),
    [
        ("objective = [{ key = {} }, { key = [1] }]", "objective/@2/"),
        ('escalation = [{ key = "x", steps = 3 }]', "escalation/x/"),
        ("hours = { x = { dates = 3, extra_holidays = 3, monday = 3 } }", "hours/x/"),
    ],
)
def test_what_stands_where_tables_belong_is_left_out(
    cast: Cast, draft: Version, ada: Client, document: str, address: str
) -> None:
    save_draft(draft, document=document, revision=1, by=cast.ada)
    assert ada.get("/policy/drafts/2/").status_code == 200
    assert ada.get(f"/policy/drafts/2/{address}").status_code == 200


def test_a_share_of_thousands_of_digits_is_refused_beside_its_field(cast: Cast, draft: Version, ada: Client) -> None:
    address = "/policy/drafts/2/escalation/usual/"
    typed = sent(ada, address) | {"steps-0-at": "9" * 5000}
    answer = ada.post(address, typed)
    assert answer.status_code == 422
    assert "at" in answer.context["form"].rows["steps"].forms[0].errors


def test_only_administrators_write(cast: Cast, draft: Version) -> None:
    for user in (cast.alice, cast.bob, cast.charlie, cast.quinn):
        for address in (*EVERY_PART, "/policy/drafts/2/new/region/"):
            assert signed_in(user).get(address).status_code == 403
            assert signed_in(user).post(address, {"revision": 1}).status_code == 403


def test_pages_ask_as_often_whatever_the_policy_holds(cast: Cast, draft: Version, ada: Client) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ada.get(address).status_code == 200
        return len(captured)

    queries("/policy/drafts/2/")  # what is in force is compiled once
    before = [queries(address) for address in ("/policy/drafts/2/", *EVERY_PART)]
    standard = draft.document[draft.document.index("[[standard]]") : draft.document.index("[[escalation]]")]
    more = "".join(
        standard.replace('key = "', f'key = "{number}-').replace("when = {", f'when = {{ region = ["{number}"],')
        for number in range(4)
    )
    save_draft(draft, document=draft.document + more, revision=1, by=cast.ada)
    after = [queries(address) for address in ("/policy/drafts/2/", *EVERY_PART)]
    assert [now - was for now, was in zip(after, before, strict=True)] == [0, 0, 0, 0, 0, 0]
