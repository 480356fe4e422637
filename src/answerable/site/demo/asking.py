"""What the bookshop wants to know of a conversation, and the forms that ask for it."""

from django.db import connection

from answerable.channels.form.actions import write_form
from answerable.desk.actions.fields import write_field
from answerable.desk.models import Field, Inbox
from answerable.people.models import User

ORDER = {"lv": "Pasūtījuma numurs", "ka": "შეკვეთის ნომერი", "kk": "Тапсырыс нөмірі"}
WAY = {"lv": "Kā jūs pirkāt?", "ka": "როგორ იყიდეთ?", "kk": "Қалай сатып алдыңыз?"}
WAYS = ("On the site", "In the shop", "As a gift")
WAYS_IN = {
    "lv": ("Vietnē", "Veikalā", "Saņēmu dāvanā"),
    "ka": ("საიტზე", "მაღაზიაში", "საჩუქრად მივიღე"),
    "kk": ("Сайттан", "Дүкеннен", "Сыйлыққа алдым"),
}
TITLES = {"lv": "Rakstiet mums", "ka": "მოგვწერეთ", "kk": "Бізге жазыңыз"}
NAMED = r"\m[A-Z]{2}-\d{5,6}\M"
"""An order as customers name it."""
# Whoever named an order in the first message has it written down.
WRITE_DOWN = """
UPDATE desk_conversation SET details = jsonb_build_object(%s::text, substring(first.text from %s))
FROM (
    SELECT DISTINCT ON (conversation_id) conversation_id, text FROM desk_message ORDER BY conversation_id, id
) AS first
WHERE first.conversation_id = desk_conversation.id AND first.text ~ %s
"""


def ask_customers(*, by: User) -> Field:
    """Two fields, and a form for each address that customers write to at the shop. The field of the order."""
    order = write_field(name="Order number", kind=Field.Kind.TEXT, names=ORDER, choices_in={}, by=by)
    way = write_field(
        name="How did you buy it?", kind=Field.Kind.CHOICE, names=WAY, choices=WAYS, choices_in=WAYS_IN, by=by
    )
    for inbox in Inbox.objects.filter(team__key__endswith="-desk").order_by("id"):
        write_form(
            inbox,
            key=inbox.address.partition("@")[0],
            title="Write to us",
            introduction="",
            titles=TITLES,
            introductions={},
            takes_files=True,
            asks=[(order, False), (way, False)],
            by=by,
        )
    return order


def write_orders_down(order: Field) -> None:
    """Where a customer has named one."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE_DOWN, [order.pk, NAMED, NAMED])
