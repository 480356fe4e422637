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
    r"napisał\(a\)|napisał|napisała|rašė|parašė|kirjutas|yazdı|kirjoitti|escreveu|napsal\(a\)|napsal|napsala|a scris|"
    "geschrieben|geschreven|yazıb|写道|寫道"
)
VERBS_INSIDE = r"schrieb|schreef|skrev|kirjoitti|wrote|rakstīja|писал(?:\(а\)|а)?|kirjutas|escreveu|yazdı"
LAST = re.compile(rf"(?:{VERBS_LAST})\s?:\s*$", re.IGNORECASE)
INSIDE = re.compile(rf"^.{{4,200}}\s(?:{VERBS_INSIDE})\s.{{1,150}}:\s*$", re.IGNORECASE)
# Without a verb: "..., Анна <anna@example.ru>:", and mail.ru's "... от Анна <anna@example.ru>:".
ADDRESSED = re.compile(r"[<(][^<>()@\s]+@[^<>()\s]+[>)]:\s*$")
RUSSIAN_FROM = re.compile(r"\sот\s")
ADDRESS = re.compile(r"[^<>()@\s]@[^<>()@\s]")
DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d|\b(?:19|20)\d\d")
TIME = re.compile(r"\d[:.]\d\d")

# Outlook's block: a sender's field, then at least two others.
SENDER = ("From|Von|De|Da|No|Od|Nuo|Saatja|Kimden|Van|Från|Fra|Lähettäjä|От|От кого|Від|Кімнен|Жіберуші|"
          "ვისგან|გამომგზავნი|გამგზავნი|ავტორი|Kimdən|Ад|发件人|寄件者|差出人")  # fmt: skip
FIELDS = (
    "Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Fecha|Para|Asunto|Inviato|A|Oggetto|Data|"
    "Nosūtīts|Sūtīts|Datums|Kam|Kopija|Kopā|Tēma|Temats|Wysłano|Do|Temat|DW|Išsiųsta|Kopija|Tema|Saadetud|Kuupäev|"
    "Adressaat|Koopia|Teema|Gönderilme|Kime|Konu|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|Sendt|Til|Emne|"
    "Отправлено|Дата|Кому|Копия|Тема|Відправлено|Жіберілді|Жіберілген|Жіберілген күні|Күні|Кімге|Көшірме|Тақырып|"
    "Тақырыбы|Жіберілген уақыты|Алушы|Enviado el|Enviad[oa] em|Assunto|Lähetetty|Vastaanottaja|Aihe|"
    "Päivämäärä|Odesláno|Komu|Předmět|Sūtīšanas datums|Nosūtīšanas datums|Adresāts|Saņēmējs|Надіслано|"
    "Gönderildi|Tarih|Göndərildi|Kimə|Mövzu|Даслана|Каму|Тэма|გაგზავნის დრო|发送时间|收件人|主题|送信日時|宛先|件名|"
    "გაგზავნილია|გაიგზავნა|თარიღი|ვის|მიმღები|ასლი|თემა|საგანი"
)
BEFORE = r"^[\s*_]{0,8}"
AFTER = r"\s?[:：][*_]?\s"
SENDER_LINE = re.compile(rf"{BEFORE}(?:{SENDER}){AFTER}", re.IGNORECASE)
FIELD_LINE = re.compile(rf"{BEFORE}(?:{FIELDS}){AFTER}", re.IGNORECASE)
DIVIDER = re.compile(
    r"^\s*-{2,}\s?(?:original message|ursprüngliche nachricht|original[ -]nachricht|message d['’]origine|"
    r"mensaje original|sākotnējais ziņojums|sākotnējā ziņa|oriģinālais ziņojums|oriģinālā ziņa|исходное сообщение|"
    r"оригинальное сообщение|бастапқы хабар|бастапқы хабарлама|түпнұсқа хабар|"
    r"ორიგინალი შეტყობინება|საწყისი შეტყობინება)\s?-{2,}\s*$|"
    rf"^\s*-{{3,}} .{{8,200}} (?:{VERBS_LAST}) -{{3,}}\s*$",  # Zoho's, with its verb between dashes too
    re.IGNORECASE,
)
# What is forwarded is sent to be read: it is no quote.
FORWARDED = re.compile(
    r"^\s*(?:-{2,}\s?(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|"
    r"пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|pārsūtītais ziņojums|"
    r"pārsūtīta ziņa|pārsūtītā ziņa|გადაგზავნილი შეტყობინება|қайта жіберілген хабар)\s?-{2,}|"
    r"(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message transféré|"
    r"начало переадресованного сообщения|начало пересылаемого сообщения|pārsūtītās ziņas sākums)\s?:)\s*$",
    re.IGNORECASE,
)
RULE = re.compile(r"^\s*(?:_{20,}|-{16,})\s*$")
SENT_FROM = re.compile(
    r"^\s*(?:sent from (?:my|outlook|mail|yahoo)|get outlook for|nosūtīts no|sūtīts no|"
    r"отправлено (?:с|из)|გაგზავნილია (?:ჩემი|iphone|android)|менің .{1,30} жіберілді|"
    r".{1,30} (?:құрылғысынан|телефонынан) жіберілді|gesendet von|von meinem .{1,30} gesendet|envoyé de)",
    re.IGNORECASE,
)
MAX_LINE = 400


def is_attribution(line: str, quote_follows: bool) -> bool:
    """True for "... wrote:". Without `>` after it there must be what a program writes and a person telling of
    somebody's words does not: an address, and a date with a verb or a time.

    Before `>` a day and an address do in any language.
    """
    if len(line) > MAX_LINE or not line.rstrip().endswith((":", "：")):
        return False
    says = bool(LAST.search(line) or INSIDE.match(line))
    dated = bool(DAY.search(line) and ADDRESS.search(line))
    if quote_follows:
        return says or dated or bool(ADDRESSED.search(line))
    return dated and (says or bool(ADDRESSED.search(line) and (TIME.search(line) or RUSSIAN_FROM.search(line))))


def is_header_block(lines: list[str]) -> bool:
    """True when these lines begin with a quoted mail's headers: who sent it, and at least two more fields.

    Programs write four or an address. People who say from where to where they travel do not.
    """
    if not lines or not (is_sender(lines[0]) or is_field(lines[0])):
        return False
    senders = [line for line in lines[:4] if is_sender(line)]
    fields = sum(1 for line in lines[:9] if is_field(line))
    return bool(senders) and fields >= (2 if any(ADDRESS.search(line[:MAX_LINE]) for line in senders) else 3)


def is_sender(line: str) -> bool:
    """Whether it is the field of a quoted mail's headers that names its writer."""
    return bool(SENDER_LINE.match(line[:MAX_LINE] + " "))


def is_field(line: str) -> bool:
    """Whether it is another of their fields."""
    return bool(FIELD_LINE.match(line[:MAX_LINE] + " "))
