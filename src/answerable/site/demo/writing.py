"""How a message of the demo is put together: greeting, matter, parting, and what it quotes."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from random import Random
from zoneinfo import ZoneInfo

from answerable.channels.email.quotes import spans
from answerable.desk.actions.files import NewFile
from answerable.site.demo.company import ZONES, Person
from answerable.site.demo.customers import Customer
from answerable.site.demo.files import page, photograph
from answerable.site.demo.texts import Texts, Topic, texts

SENDS_HTML = 0.15
QUOTES = 0.7
PRICES = {"en": (9, 45), "lv": (9, 45), "ka": (20, 90), "kk": (4000, 16000)}
# Variants of a text that speak of a file that comes with it: topic, part, which of its variants, what.
ENCLOSED = {
    ("wrong_book", "questions", 0): "photograph",
    ("wrong_book", "questions", 1): "photograph",
    ("refund", "followups", 1): "receipt",
    ("refund", "answers", 1): "label",
    ("invoice", "answers", 1): "invoice",
    ("invoice", "solutions", 0): "invoice",
}


@dataclass(frozen=True)
class Written:
    """What somebody wrote. `folds` are the quoted spans of `text`."""

    text: str
    html: str = ""
    folds: tuple[tuple[int, int], ...] = ()
    files: tuple[NewFile, ...] = ()


class Writer:
    """Writes one conversation: the same order, book and sum throughout."""

    def __init__(self, customer: Customer, topic: str, random: Random) -> None:
        self.customer = customer
        self.random = random
        self.language = customer.contact.language
        self.texts: Texts = texts(self.language)
        self.topic: Topic = self.texts.topics[topic]
        book, other = random.sample(list(self.texts.books), 2)
        low, high = PRICES[self.language]
        amount = f"{random.randrange(low, high)}.90" if high < 1000 else f"{random.randrange(low, high, 100):,}"
        self.order = f"AM-{random.randrange(20000, 90000)}"
        self.words = {
            "order": self.order,
            "book": book,
            "other": other,
            "sum": self.texts.currency.format(amount=amount.replace(",", " ")),
            "days": str(random.randrange(4, 12)),
            "city": random.choice(self.texts.cities),
        }
        self.sends_html = random.random() < SENDS_HTML

    def subject(self) -> str:
        return self._filled(self.random.choice(self.topic.subjects))

    def question(self) -> Written:
        """How it begins."""
        matter, files = self._part("questions")
        sentences = [self.random.choice(self.texts.openings), matter, self.random.choice(self.texts.closings)]
        said = " ".join(sentence for sentence in sentences if sentence)
        text = f"{self.random.choice(self.texts.greetings)}\n\n{said}\n\n{self._parting()}"
        return Written(text, self._html(text), files=files)

    def followup(self, answered: Written, agent: Person, at: datetime) -> Written:
        """The customer's answer to the agent's question."""
        matter, files = self._part("followups")
        return self._quoting(matter, answered, agent, at, files)

    def said(self, sentence: str, answered: Written, agent: Person, at: datetime) -> Written:
        """Any other sentence of the customer's, over the agent's last message."""
        return self._quoting(sentence, answered, agent, at, ())

    def answer(self, agent: Person) -> Written:
        matter, files = self._part("answers")
        return self.signed(matter, agent, files)

    def solution(self, agent: Person) -> Written:
        matter, files = self._part("solutions")
        return self.signed(matter, agent, files)

    def signed(self, sentence: str, agent: Person, files: tuple[NewFile, ...] = ()) -> Written:
        """What an agent writes around a sentence."""
        salutation = self.random.choice(self.texts.salutations).format(name=self.first_name)
        signature = self.random.choice(self.texts.signatures).format(agent=agent.signs or agent.name)
        return Written(f"{salutation}\n\n{sentence}\n\n{signature}", files=files)

    def note(self) -> str:
        return self._filled(self.random.choice(self.topic.notes))

    @property
    def first_name(self) -> str:
        return self.customer.contact.name.split()[0]

    def _part(self, part: str) -> tuple[str, tuple[NewFile, ...]]:
        variants = getattr(self.topic, part)
        number = self.random.randrange(len(variants))
        return self._filled(variants[number]), self._enclosed(ENCLOSED.get((self.topic.key, part, number)))

    def _enclosed(self, what: str | None) -> tuple[NewFile, ...]:
        if what is None:
            return ()
        if what == "photograph":
            return (photograph(self.random),)
        return (page(f"{what}-{self.order}.pdf", f"Ambermoon Books - {what} - order {self.order}"),)

    def _filled(self, text: str) -> str:
        return text.format(**self.words)

    def _parting(self) -> str:
        contact = self.customer.contact
        lines = [self.random.choice(self.texts.partings), self.first_name]
        if contact.organisation:
            lines[1:] = [contact.name, contact.organisation.name]
        return "\n".join(lines)

    def _quoting(
        self, sentence: str, answered: Written, agent: Person, at: datetime, files: tuple[NewFile, ...]
    ) -> Written:
        mine = f"{sentence}\n\n{self._parting()}"
        if self.random.random() > QUOTES:
            return Written(mine, self._html(mine), files=files)
        local = at.astimezone(ZoneInfo(ZONES[self.language]))
        attribution = self.texts.attribution.format(date=f"{local:%d.%m.%Y %H:%M}", agent=agent.signs or agent.name)
        quoted = "\n".join(f"> {line}".rstrip() for line in answered.text.splitlines())
        text = f"{mine}\n\n{attribution}\n{quoted}"
        folds = tuple((span.start, span.end) for span in spans(text) if span.kind == "quote")
        if not self.sends_html:
            return Written(text, "", folds, files)
        cited = f'<blockquote type="cite">{_paragraphs(answered.text)}</blockquote>'
        return Written(text, f"{_paragraphs(mine)}<p>{escape(attribution)}</p>{cited}", folds, files)

    def _html(self, text: str) -> str:
        return _paragraphs(text) if self.sends_html else ""


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
