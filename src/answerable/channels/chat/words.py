"""What the program on the page says, in the visitor's language: one dictionary, from the catalogue of translations."""

from functools import lru_cache

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from answerable.channels.chat.forms import too_long
from answerable.desk.forms.writing import LARGEST_MESSAGE


def words() -> dict[str, str]:
    return _words(get_language() or "en")


@lru_cache(maxsize=16)
def _words(_language: str) -> dict[str, str]:
    return {
        "open": _("Chat with us"),
        "open_unread": _("Chat with us: you have an answer"),
        "close": pgettext("a window", "Close"),
        "back": _("Back"),
        "greeting": _("Hello! How can we help you?"),
        "here": _("We are here now."),
        "closed": _("We are not here at the moment. Leave us a message, and we answer by e-mail."),
        "opens": pgettext("%s is a day and a time", "We are back %s."),
        "your_name": _("Your name"),
        "your_address": _("Your e-mail address"),
        "your_phone": _("Your telephone number"),
        "optional": _("(optional)"),
        "message": _("Your message"),
        "write": _("Write a message…"),
        "send": _("Send"),
        "attach": _("Attach files"),
        "remove": pgettext("a file", "Remove"),
        "begin": pgettext("a chat", "Start the chat"),
        "new": _("New conversation"),
        "earlier": _("Your conversations"),
        "ended": _("This conversation has ended."),
        "goes_on": _("Write again, and it goes on."),
        "end": _("End the chat"),
        "typing": _("%s is writing…"),
        "someone": pgettext("in a chat, one of us", "Somebody"),
        "read": pgettext("a message", "Seen"),
        "sending": pgettext("a message", "Sending…"),
        "unsent": _("Not sent yet: we try again by ourselves."),
        "refused": _("Not sent."),
        "again": pgettext("to send a message", "Try again"),
        "answers": _("%s answers you."),
        "wait": _("Somebody will answer you soon."),
        "nobody": _("Nobody is here at the moment. Leave your e-mail address, and our answer comes there."),
        "instead": _("You need not wait:"),
        "by_mail": _("Answer me by e-mail"),
        "by_phone": _("Call me back"),
        "mailed": _("We answer at %s. You may close this page."),
        "called": _("We will call you. You may close this page."),
        "if_away": _("If you leave, we answer by e-mail:"),
        "keep": pgettext("an address", "Keep"),
        "kept": _("If you leave, our answer goes to %s."),
        "rate": _("How was it?"),
        "scores": "|".join([_("Very bad"), _("Bad"), _("So-so"), _("Good"), _("Very good")]),
        "comment": _("What should we know? (optional)"),
        "thanks": _("Thank you!"),
        "letter_thanks": _("Thank you. We have your message; a mail that says so is on its way to you."),
        "another": _("Write another"),
        "offered": _("This may already answer it:"),
        "before": _("Have you written to us before?"),
        "code_ask": _("Go on where you were: we mail you a code."),
        "code_send": _("Mail me a code"),
        "code": _("Code from the mail"),
        "code_go": _("Go on"),
        "offline": _("No connection. We try again by ourselves."),
        "choices": _("Choose an answer"),
        "you": pgettext("who wrote a message", "You"),
        "files_too_large": _("%s is too large: a file may have 20 MB."),
        "files_together": _("The files have %(size)s together. A message may carry at most %(most)s.")
        % {"size": "%s", "most": filesizeformat(LARGEST_MESSAGE)},
        "too_long": too_long(),
        "said": pgettext("a screen reader: %s is a name", "%s says:"),
        "conversation": _("Conversation"),
        "failed": _("That did not work. Please try again."),
    }
