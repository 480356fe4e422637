"""Pages of a bookshop's site with a chat on them, for pictures."""

BOOKS = {
    "en": {
        "title": "The Salt Road",
        "about": "A novel of the amber coast, by Ilva Strand",
        "price": "In stock: hardback, € 24.90",
        "words": "Four sisters, one boat, and a road that the sea covers twice a day. Winner of the Harbour Prize.",
        "act": "Put it into the basket",
    },
    "ka": {
        "title": "მარილის გზა",
        "about": "რომანი ქარვის სანაპიროზე, ილვა სტრანდი",
        "price": "მარაგშია: მაგარი ყდა, 24,90 €",
        "words": "ოთხი და, ერთი ნავი და გზა, რომელსაც ზღვა დღეში ორჯერ ფარავს.",
        "act": "კალათაში დამატება",
    },
}
PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark; font: 17px/1.6 Georgia, "Noto Serif", "Noto Serif Georgian", serif; }}
body {{ margin: 0; background: light-dark(#fbf7f0, #1b1613); color: light-dark(#2a211b, #efe6dc); }}
header {{ padding: 20px 48px; border-bottom: 1px solid light-dark(#e2d7c7, #3a302a); font-size: 22px; }}
main {{ display: flex; flex-wrap: wrap; gap: 48px; padding: 48px; max-width: 760px; }}
.cover {{
  flex: none; box-sizing: border-box; width: 220px; height: 320px; padding-bottom: 24px; border-radius: 4px;
  display: grid; place-items: end center; box-shadow: 0 8px 24px rgb(0 0 0 / .25); color: #fff; font-size: 24px;
  background: linear-gradient(#e8a24a 0 38%, #b8571f 38% 41%, #234b5e 41%);
}}
article {{ flex: 1 1 260px; }}
h1 {{ margin: 0; font-size: 34px; line-height: 1.2; }}
p {{ margin: 12px 0; }}
button {{ font: inherit; padding: 10px 18px; border: 0; border-radius: 4px; background: #7a3b1d; color: #fff; }}
@media (max-width: 600px) {{ header, main {{ padding: 20px; }} .cover {{ width: 150px; height: 215px; }} }}
</style></head><body><header>Amber Moon Books</header>
<main><div class="cover">{title}</div><article><h1>{title}</h1><p>{about}</p><p>{words}</p>
<p><strong>{price}</strong></p><button>{act}</button></article></main>
<script src="{desk}/chat/{key}/widget.js" async></script></body></html>"""


def drawn(language: str, *, desk: str, key: str) -> str:
    """The page in one of `BOOKS`' languages, with the chat `key` of the server at `desk`."""
    return PAGE.format(**BOOKS[language], language=language, desk=desk, key=key)
