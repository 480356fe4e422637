"""What may stand in ANSWERABLE_URL."""

import pytest

from answerable.site.address import site_url
from answerable.site.refusal import Refusal


@pytest.mark.parametrize(
    ("given", "is_"),
    [
        ("", "http://localhost:8000"),
        ("https://support.example.com/", "https://support.example.com"),
        ("http://192.0.2.7:8080", "http://192.0.2.7:8080"),
        ("https://[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
    ],
)
def test_a_host_and_nothing_after_it(given: str, is_: str) -> None:
    assert site_url({"ANSWERABLE_URL": given}) == is_


@pytest.mark.parametrize(
    "given",
    [
        "support.example.com",
        "https://example.com/support",
        "https://",
        "ftp://example.com",
        "https://example.com?x",
        "https://me@example.com",
        "https://example.com:http",
    ],
)
def test_anything_else_is_refused_in_words(given: str) -> None:
    with pytest.raises(Refusal, match=r"ANSWERABLE_URL is .* must be"):
        site_url({"ANSWERABLE_URL": given})
