"""The worked examples of docs/measures/."""

from doctest import DocTestParser, DocTestRunner

import pytest

from tests.core.pages import DOCS, examples

PAGES = sorted(page.name for page in (DOCS / "measures").glob("*.md"))


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_hold(page: str) -> None:
    session = "\n".join(examples(f"measures/{page}", "python"))
    told: list[str] = []
    runner = DocTestRunner(verbose=False)
    result = runner.run(DocTestParser().get_doctest(session, {}, page, page, 0), out=told.append)
    assert result.failed == 0, "".join(told)
    assert result.attempted, "an example that is also a test is what a page of a measure is for"


@pytest.mark.parametrize("page", PAGES)
def test_the_index_knows_every_page(page: str) -> None:
    assert f"(measures/{page})" in (DOCS / "measures.md").read_text(encoding="utf-8")
