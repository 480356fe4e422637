"""The words by which mailers say that somebody else's text follows, in the languages our customers write.

`mail-parser-reply` has such words for other languages, but strips the text before it looks, so that no
offset fits any more, and its expressions need time in the square of a line: one line of 8 KB takes 1.6 s.
Here a line is looked at once, and only its beginning.
"""

import re

# "On Monday Anna <anna@example.com> wrote:" — the verb at the end, or before the name.
VERBS_LAST = (
    "wrote|writes|raksta|rakstīja|ir rakstījis|ir rakstījusi|წერს|დაწერა|მოგწერათ|жазды|жазған|деп жазды|жазады|"
    r"пишет|писал|писала|написал|написала|написал\(а\)|пишет\(-ут\)|пише|написав|a écrit|escribió|ha scritto|"
    r"napisał\(a\)|napisał|napisała|rašė|parašė|kirjutas|yazdı|kirjoitti|escreveu|napsal\(a\)|a scris"
)
VERBS_INSIDE = "schrieb|schreef|skrev|kirjoitti|wrote"
LAST = re.compile(rf"(?:{VERBS_LAST})\s?:\s*$", re.IGNORECASE)
INSIDE = re.compile(rf"^.{{4,200}}\s(?:{VERBS_INSIDE})\s.{{1,150}}:\s*$", re.IGNORECASE)
# Without a verb: "..., Анна <anna@example.ru>:", and mail.ru's "... от Анна <anna@example.ru>:".
ADDRESSED = re.compile(r"[<(][^<>()@\s]+@[^<>()\s]+[>)]:\s*$")
RUSSIAN_FROM = re.compile(r"\sот\s")
EVIDENCE = re.compile(r"\d{1,4}[./: -]\d|@|\b(?:19|20)\d\d\b")

# Outlook's block: a sender's field, then at least two others.
SENDER = ("From|Von|De|Da|No|Od|Nuo|Saatja|Kimden|Van|Från|Fra|Lähettäjä|От|От кого|Від|Кімнен|Жіберуші|"
          "ვისგან|გამომგზავნი|გამგზავნი|ავტორი")  # fmt: skip
FIELDS = (
    "Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Fecha|Para|Asunto|Inviato|A|Oggetto|Data|"
    "Nosūtīts|Sūtīts|Datums|Kam|Kopija|Kopā|Tēma|Temats|Wysłano|Do|Temat|DW|Išsiųsta|Kopija|Tema|Saadetud|Kuupäev|"
    "Adressaat|Koopia|Teema|Gönderilme|Kime|Konu|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|Sendt|Til|Emne|"
    "Отправлено|Дата|Кому|Копия|Тема|Відправлено|Жіберілді|Жіберілген|Жіберілген күні|Күні|Кімге|Көшірме|Тақырып|"
    "Тақырыбы|გაგზავნილია|გაიგზავნა|თარიღი|ვის|მიმღები|ასლი|თემა|საგანი"
)
BEFORE = r"^[\s*_]{0,8}"
AFTER = r"\s?:[*_]?\s"
SENDER_LINE = re.compile(rf"{BEFORE}(?:{SENDER}){AFTER}", re.IGNORECASE)
FIELD_LINE = re.compile(rf"{BEFORE}(?:{FIELDS}){AFTER}", re.IGNORECASE)
DIVIDER = re.compile(
    r"^\s*-{2,}\s?(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|"
    r"sākotnējais ziņojums|sākotnējā ziņa|oriģinālais ziņojums|исходное сообщение|оригинальное сообщение|"
    r"пересылаемое сообщение|пересланное сообщение|бастапқы хабар|бастапқы хабарлама|түпнұсқа хабар|"
    r"ორიგინალი შეტყობინება|საწყისი შეტყობინება|forwarded message|pārsūtītais ziņojums|pārsūtīta ziņa|"
    r"გადაგზავნილი შეტყობინება|қайта жіберілген хабар)\s?-{2,}\s*$",
    re.IGNORECASE,
)
RULE = re.compile(r"^\s*(?:_{20,}|-{30,})\s*$")
SENT_FROM = re.compile(
    r"^\s*(?:sent from (?:my|outlook|mail|yahoo)|get outlook for|nosūtīts no|sūtīts no|"
    r"отправлено (?:с|из)|გაგზავნილია (?:ჩემი|iphone|android)|менің .{1,30} жіберілді|"
    r".{1,30} (?:құрылғысынан|телефонынан) жіберілді|gesendet von|von meinem .{1,30} gesendet|envoyé de)",
    re.IGNORECASE,
)
MAX_LINE = 400


def is_attribution(line: str, quote_follows: bool) -> bool:
    """True for "... wrote:"; without `>` after it there must be a date or an address in it."""
    if len(line) > MAX_LINE or not line.rstrip().endswith(":"):
        return False
    if ADDRESSED.search(line):
        return quote_follows or bool(RUSSIAN_FROM.search(line))
    if not (LAST.search(line) or INSIDE.match(line)):
        return False
    return quote_follows or bool(EVIDENCE.search(line))


def is_header_block(lines: list[str]) -> bool:
    """True when these lines begin with a quoted mail's headers as Outlook writes them."""
    if not lines or not SENDER_LINE.match(lines[0][:MAX_LINE] + " "):
        return False
    return sum(1 for line in lines[1:9] if FIELD_LINE.match(line[:MAX_LINE] + " ")) >= 2
