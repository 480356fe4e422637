"""The scripts in a real browser, under the real content security policy."""

import json
import re
import threading

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from answerable.web.mail import SANDBOX, frame_headers
from tests.web.stage import Stage

pytestmark = pytest.mark.browser

DESK = """{% extends "web/desk.html" %}{% load web %}{% block title %}Desk{% endblock %}
{% block live %}LIVE{% endblock %}{% block content %}CONTENT{% endblock %}"""
LIVE = """<answer-live src="/live/events" data-since="40"><span class="connection">Reconnecting</span></answer-live>"""


def desk(content: str, live: str = "") -> str:
    return DESK.replace("LIVE", live).replace("CONTENT", content)


def hint(number: int, root: str) -> str:
    data = json.dumps({"id": number, "verb": "message.received", "root": root})
    return f"id: {number}\nevent: hint\ndata: {data}\n\n"


def test_a_hint_refetches_what_shows_it_and_nothing_else(page: Page, stage: Stage) -> None:
    counts = {"a": 0, "b": 0}

    def fragment(name: str) -> tuple[str, list[tuple[str, str]], str]:
        counts[name] += 1
        return "200 OK", [], f"{name} {counts[name]}"

    stage.answers["/a"] = lambda: fragment("a")
    stage.answers["/b"] = lambda: fragment("b")
    stage.pages["/"] = desk(
        """<div id="a" data-live="conversation-42" hx-get="/a" hx-trigger="changed">a</div>
        <div id="b" data-live="conversation-7" hx-get="/b" hx-trigger="changed">b</div>
        <p id="queue" data-live="queue">q</p>""",
        LIVE,
    )
    page.goto("/")
    query, events = stage.stream()
    assert query == "since=40"
    page.evaluate("document.querySelector('#queue').addEventListener('changed', (e) => e.target.textContent += '!')")
    for number in (41, 42, 43):
        events.put(hint(number, "conversation-42"))
    expect(page.locator("#a")).to_have_text("a 1")
    expect(page.locator("#queue")).to_have_text("q!")
    assert counts == {"a": 1, "b": 0}, "three hints at once are one refetch, of one element"


def test_a_lost_stream_comes_back_from_the_last_event_and_says_so_meanwhile(page: Page, stage: Stage) -> None:
    stage.pages["/"] = desk('<p id="all" data-live="queue">q</p>', LIVE)
    page.goto("/")
    page.evaluate("document.querySelector('#all').addEventListener('changed', (e) => e.target.textContent += '!')")
    _query, events = stage.stream()
    events.put(hint(57, "conversation-1"))
    expect(page.locator("#all")).to_have_text("q!")
    events.put(None)
    query, events = stage.stream()
    assert query == "since=57"
    events.put("event: reset\ndata: {}\n\n")
    expect(page.locator("#all")).to_have_text("q!!")


def test_two_tabs_share_one_stream(page: Page, stage: Stage) -> None:
    stage.pages["/"] = desk('<p id="all" data-live="queue">q</p>', LIVE)
    watch = "document.querySelector('#all').addEventListener('changed', (e) => e.target.textContent += '!')"
    page.goto("/")
    page.evaluate(watch)
    _query, events = stage.stream()
    second = page.context.new_page()
    second.goto("/")
    second.evaluate(watch)
    events.put(hint(58, "conversation-1"))
    expect(second.locator("#all")).to_have_text("q!")
    expect(page.locator("#all")).to_have_text("q!")
    assert stage.streams.empty()
    page.goto("about:blank")
    query, events = stage.stream()
    assert query == "since=58", "the tab that stays takes the stream over where the other left"
    events.put(None)


def test_a_tab_that_begins_to_hear_looks_at_what_signals_told_before(page: Page, stage: Stage) -> None:
    """As an offer that was made while the page was on its way; by its own stream, or by another tab's."""
    asked: list[str] = []

    def mine() -> tuple[str, list[tuple[str, str]], str]:
        asked.append("mine")
        return "200 OK", [], f"offer {len(asked)}"

    stage.answers["/mine"] = mine
    stage.pages["/"] = desk(
        """<div id="mine" data-live="user-1" data-passing hx-get="/mine" hx-trigger="changed"></div>
        <p id="queue" data-live="queue" hx-get="/mine" hx-trigger="changed">q</p>""",
        LIVE,
    )
    page.goto("/")
    _query, events = stage.stream()
    events.put(": here\n\n")
    expect(page.locator("#mine")).to_have_text("offer 1")
    second = page.context.new_page()
    second.goto("/")
    expect(second.locator("#mine")).to_have_text("offer 2")
    expect(second.locator("answer-live")).to_have_attribute("data-state", "open")
    assert stage.streams.empty()
    expect(page.locator("#queue")).to_have_text("q")
    expect(page.locator("#mine")).to_have_text("offer 1")
    events.put(None)


def test_keys_move_and_act_but_never_while_typing(page: Page, stage: Stage) -> None:
    stage.pages["/"] = "web/styleguide_desk.html"
    page.goto("/")
    titles = page.locator("[data-keys-item]")
    page.keyboard.press("j")
    expect(titles.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.type("jar?")
    expect(page.locator("#reply")).to_have_value("jar?")
    page.locator("#reply").blur()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.get_by_role("searchbox", name="Search").blur()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Assign")
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#reply")).not_to_be_focused()


def test_commands_are_found_by_a_part_of_their_words(page: Page, stage: Stage) -> None:
    stage.pages["/"] = "web/styleguide_desk.html"
    page.goto("/")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Find a command")
    expect(box).to_be_focused()
    page.keyboard.type("repl")
    expect(page.get_by_role("option")).to_contain_text(["Reply", "Report", "Search for “repl”"])  # one letter wrong
    page.keyboard.press("Enter")
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("xyzzy")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option")).to_contain_text("Search for “xyzzy”")


def test_who_types_faster_than_the_places_come_gets_there(page: Page, stage: Stage) -> None:
    come = threading.Event()

    def places() -> tuple[str, list[tuple[str, str]], str]:
        come.wait(30)
        return "200 OK", [], json.dumps({"found": [{"words": "Snoozed", "url": "/snoozed/", "kind": "Queue"}]})

    stage.answers["/palette/"] = places
    stage.pages["/"], stage.pages["/snoozed/"] = "web/styleguide_desk.html", desk("Here they sleep.")
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("snoozed")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Find a command")).to_be_visible()
    come.set()
    expect(page.get_by_text("Here they sleep.")).to_be_visible()


def test_a_draft_is_kept_and_survives_a_swap_around_it(page: Page, stage: Stage) -> None:
    form = """<answer-draft src="/draft"><form><textarea id="body" name="body" hx-preserve></textarea>
      <input type="hidden" name="csrfmiddlewaretoken" value="secret"><span data-draft-status role="status"></span>
      </form></answer-draft>"""
    stage.answers["/draft"] = lambda: ("200 OK", [], "15:04")
    stage.answers["/around"] = lambda: ("200 OK", [], f"<h2>New message</h2>{form}")
    stage.pages["/"] = desk(f'<div id="around" hx-get="/around" hx-trigger="changed">{form}</div>')
    page.goto("/")
    page.locator("#body").fill("Dear Nino")  # at once: what is typed slowly is kept in parts
    path, body = stage.posted.get(timeout=10)
    assert path == "/draft"
    assert "Dear Nino" in body
    assert "secret" in body
    expect(page.get_by_text("Saved at 15:04")).to_be_visible()
    page.locator("#body").press("ArrowLeft")
    page.evaluate("document.querySelector('#around').dispatchEvent(new CustomEvent('changed'))")
    expect(page.get_by_role("heading", name="New message")).to_be_visible()
    expect(page.locator("#body")).to_be_focused()
    page.keyboard.type("!")
    expect(page.locator("#body")).to_have_value("Dear Nin!o")


@pytest.mark.parametrize(
    "answer", [("500 Oops", [], ""), ("302 Found", [("Location", "/")], "")], ids=["broken", "signed out"]
)
def test_a_draft_that_could_not_be_saved_says_so(
    page: Page, stage: Stage, answer: tuple[str, list[tuple[str, str]], str]
) -> None:
    stage.answers["/draft"] = lambda: answer
    stage.pages["/"] = desk(
        """<answer-draft src="/draft"><form><label>Reply <textarea name="body"></textarea></label>
        <span data-draft-status role="status"></span></form></answer-draft>"""
    )
    page.goto("/")
    page.get_by_label("Reply").press_sequentially("Hello")
    expect(page.get_by_text("Not saved yet. Trying again…")).to_be_visible()


def test_an_action_can_be_taken_back(page: Page, stage: Stage) -> None:
    trigger = {"undo": {"text": "Reply is on its way.", "url": "/undo", "seconds": 10}}
    stage.answers["/send"] = lambda: ("204 No Content", [("HX-Trigger", json.dumps(trigger))], "")
    stage.answers["/undo"] = lambda: ("204 No Content", [("HX-Trigger", '{"toast": {"text": "Taken back."}}')], "")
    stage.pages["/"] = desk('<button hx-post="/send" hx-swap="none">Send</button>')
    page.goto("/")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#toasts")).to_contain_text("Reply is on its way.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back.")
    expect(page.locator(".toast")).to_have_count(1)
    assert [stage.posted.get(timeout=5)[0] for _ in range(2)] == ["/send", "/undo"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("500 Oops", "our side"),
        ("403 No", "You may not do that"),
        ("404 Gone", "not there any more"),
        ("429 Slow", "too often"),
        ("418 Teapot", "did not understand"),
    ],
)
def test_a_failed_request_says_what_to_do(page: Page, stage: Stage, status: str, words: str) -> None:
    stage.answers["/do"] = lambda: (status, [], "x")
    stage.pages["/"] = desk('<button hx-post="/do">Do</button>')
    page.goto("/")
    page.get_by_role("button", name="Do", exact=True).click()
    page.get_by_role("button", name="Do", exact=True).click()
    expect(page.locator(".toast.bad")).to_have_count(1)
    expect(page.locator(".toast.bad")).to_contain_text(words)


def test_an_unreachable_server_is_said(page: Page, stage: Stage) -> None:
    stage.pages["/"] = desk('<button hx-post="/do">Do</button>')
    page.goto("/")
    page.route("**/do", lambda route: route.abort())
    page.get_by_role("button", name="Do", exact=True).click()
    expect(page.locator(".toast.bad")).to_contain_text("can't be reached")


def test_a_refused_form_is_shown_again(page: Page, stage: Stage) -> None:
    stage.answers["/do"] = lambda: ("422 Unprocessable", [], "Enter a name.")
    stage.pages["/"] = desk('<form hx-post="/do"><button>Do</button></form>')
    page.goto("/")
    page.get_by_role("button", name="Do", exact=True).click()
    expect(page.get_by_text("Enter a name.")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)


def test_chosen_files_are_listed_with_their_size(page: Page, stage: Stage) -> None:
    stage.pages["/"] = "web/styleguide.html"
    page.goto("/")
    page.locator("#files-light").set_input_files(
        [
            {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"x" * 84_000},
            {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 1_000_001},
        ]
    )
    expect(page.locator(".toast.warn")).to_contain_text("film.mp4")
    chosen = page.locator(".chosen li")
    expect(chosen).to_have_text([re.compile("receipt.pdf.*82.kB")])
    page.get_by_role("button", name="Remove receipt.pdf").click()
    expect(chosen).to_have_count(0)
    assert page.evaluate("document.querySelector('#files-light').files.length") == 0


def test_a_mail_stands_in_a_frame_as_high_as_its_words_and_runs_nothing(
    page: Page, stage: Stage, complaints: list[str]
) -> None:
    attack = """<script>parent.document.title = "broken"</script><img src="/none" onerror="top.broken = 1">
      <img src="http://127.0.0.1:9/pixel.gif"><form action="http://127.0.0.1:9/"><button>Go</button></form>"""
    mail = render_to_string("web/mail_document.html", {"html": "<p>line</p>" * 60 + attack})
    stage.answers["/mail"] = lambda: ("200 OK", list(frame_headers().items()), mail)
    stage.pages["/"] = desk('<answer-mail src="/mail" title="Message from Nino"></answer-mail>')
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: asked.remove(request.url) if request.failure == "csp" else None)
    page.goto("/")
    frame = page.locator("iframe[title='Message from Nino']")
    expect(frame).to_have_css("height", re.compile(r"^2\d{3}px$"))
    assert frame.get_attribute("sandbox") == SANDBOX
    assert page.title() == "Desk · Answerable"
    assert page.evaluate("window.broken") is None
    assert [url for url in asked if ":9/" in url] == []
    assert all("Content Security Policy" in complaint for complaint in complaints)
    complaints.clear()


def test_the_appearance_is_chosen_and_kept(page: Page, stage: Stage) -> None:
    stage.pages["/"] = "web/styleguide.html"
    page.goto("/")
    page.get_by_role("button", name="Dark", exact=True).first.click()
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(20, 21, 19)"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("language", ["en", "lv", "ka", "kk"])
def test_browser_and_server_say_times_alike(page: Page, stage: Stage, language: str) -> None:
    stage.pages["/"] = desk(
        "{% ago minutes_ago %} {% ago days_ago 'short' %} {{ days_ago|lasting }}"
        " {% clock due_soon %} {% clock due_late %}"
    )
    page.goto(f"/?language={language}")
    words = "() => [...document.querySelectorAll('main time')].map((e) => e.textContent.replaceAll('\u00a0', ' '))"
    before = page.evaluate(words)
    page.evaluate("import('/static/web/time.js').then((m) => m.refresh())")
    assert page.evaluate(words) == before


def test_a_form_with_mistakes_is_gone_on_with_at_the_first_of_them(page: Page, stage: Stage) -> None:
    """As it comes, and when it was put into the page; out of what is folded, too."""
    wrong = '<details><summary>More</summary><input name="{0}" aria-label="{0}" aria-invalid="true"></details>'
    stage.answers["/refused"] = lambda: ("422 Unprocessable", [], wrong.format("Town"))
    asked = '<div hx-get="/refused" hx-target="this"><button type="button">Save</button></div>'
    fields = f'<input aria-label="Right">{wrong.format("Street")}<input aria-invalid="true">{asked}'
    stage.pages["/"] = desk(f'<form method="post">{fields}</form>')
    page.goto("/")
    expect(page.get_by_label("Street")).to_be_focused()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Town")).to_be_focused()
