"""Pages by keyset: every row once in order both ways, at one query each, and no cursor breaks them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.signing import Signer
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from answerable.customers.models import Segment
from answerable.people.models import User
from answerable.web.pager import BadCursor, Cursor, Page, keyset

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SALT = "web.pager:people.user:created_at:down"


@pytest.fixture
def crowd(db: None) -> list[User]:
    """Eleven people, three of whom arrived at the same instant."""
    minutes = [0, 1, 2, 3, 3, 3, 4, 5, 6, 7, 8]
    return [
        User.objects.create(email=f"{n}@example.com", name=str(n), created_at=NOON + timedelta(minutes=minute))
        for n, minute in enumerate(minutes)
    ]


def names(page: Page[User]) -> list[str]:
    return [user.name for user in page.rows]


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 10, 11, 12])
def test_every_row_once_there_and_back(crowd: list[User], size: int, ascending: bool) -> None:
    def read(cursor: str | None) -> Page[User]:
        return keyset(User.objects.all(), column="created_at", cursor=cursor, size=size, ascending=ascending)

    page = read(None)
    assert page.previous is None
    there = [names(page)]
    while page.next:
        page = read(page.next)
        there.append(names(page))
    wanted = [user.name for user in crowd]
    assert [name for part in there for name in part] == (wanted if ascending else wanted[::-1])
    back = [names(page)]
    while page.previous:
        page = read(page.previous)
        back.append(names(page))
    assert back[::-1] == there


def test_a_page_is_one_query(crowd: list[User], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        page = keyset(User.objects.all(), column="created_at", size=3)
        keyset(User.objects.all(), column="created_at", size=3, cursor=page.next)


def test_rows_that_arrive_meanwhile_neither_repeat_nor_hide_others(crowd: list[User]) -> None:
    first = keyset(User.objects.all(), column="created_at", size=4)
    User.objects.create(email="late@example.com", name="late", created_at=NOON + timedelta(hours=1))
    second = keyset(User.objects.all(), column="created_at", size=4, cursor=first.next)
    assert names(first) == ["10", "9", "8", "7"]
    assert names(second) == ["6", "5", "4", "3"]


def test_an_empty_list_has_no_pages(db: None) -> None:
    assert keyset(User.objects.none(), column="created_at") == Page([], None, None)


def test_a_cursor_of_another_list_is_refused(crowd: list[User]) -> None:
    cursor = keyset(User.objects.all(), column="created_at", size=3).next
    with pytest.raises(BadCursor, match="damaged or out of date"):
        keyset(User.objects.all(), column="created_at", size=3, cursor=cursor, ascending=True)
    with pytest.raises(BadCursor):
        keyset(Segment.objects.all(), column="id", size=3, cursor=cursor)


@given(st.text())
def test_no_text_breaks_a_list(cursor: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.open(cursor, SALT)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=6))
def test_nothing_else_we_signed_breaks_a_list(value: object) -> None:
    """Another version of this program may have sealed cursors of another shape."""
    with pytest.raises(BadCursor):
        Cursor.open(Signer(salt=SALT).sign_object(value), SALT)


@given(st.datetimes(timezones=st.just(UTC)) | st.integers() | st.text() | st.uuids() | st.dates(), st.booleans())
def test_a_cursor_comes_back_as_it_was(value: object, is_backward: bool) -> None:
    cursor = Cursor(value, 7, is_backward)
    assert Cursor.open(cursor.seal(SALT), SALT) == cursor


def test_a_column_of_another_kind_is_refused_where_it_is_asked_for(db: None) -> None:
    with pytest.raises(TypeError, match="can't be paged by a bytes"):
        Cursor(b"x", 1).seal(SALT)
