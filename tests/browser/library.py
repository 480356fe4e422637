"""Publishes an article in a server: `python -m tests.browser.library TITLE SECTION`, in its environment; prints its
number. A form to ask by is open then, too."""

import sys

import django


def publish_article(title: str, about: str) -> int:
    from answerable.channels.form.models import Form
    from answerable.desk.models import Inbox
    from answerable.knowledge.actions import begin_article, publish, write_section
    from answerable.knowledge.actions.writing import Wording
    from answerable.knowledge.models import Audience, Section

    Form.objects.get_or_create(inbox=Inbox.objects.get(address="support@example.com"), defaults={"key": "support"})
    section = Section.objects.filter(name=about).first() or write_section(None, name=about, names={}, by=None)
    text = "It is on its way. The mail with its number says more."
    wording = Wording(title, f"<p>{text}</p>", text)
    begun = begin_article(section=section, audience=Audience.CUSTOMERS, language="en", wording=wording, by=None)
    return publish(begun, language="en", by=None).pk


if __name__ == "__main__":
    django.setup()
    print(publish_article(*sys.argv[1:]))
