"""A document with owners, reviews, procedures and regional profiles."""

from tests.core.policy.documents import MINIMAL

OWNED = MINIMAL.replace(
    'target = "4 working hours"',
    'target = "4 working hours"\nowner = "Alice@example.com"\nreview_every = "3 months"',
)
HOURS = """
[hours.tbilisi]
time_zone = "Asia/Tbilisi"
monday = ["10:00-14:00", "15:00-19:00"]
tuesday = ["10:00-14:00", "15:00-19:00"]

[hours.almaty]
time_zone = "Asia/Almaty"
wednesday = ["09:00-15:00"]
"""
REGIONS = """
[[region]]
key = "GE"
title = { en = "Georgia", ka = "საქართველო" }
hours = "tbilisi"
language = "ka"
tone = { en = "Formal: use the polite form.", ka = "თქვენობით მივმართავთ." }
targets = { soon = "6 working hours" }

[[region]]
key = "Latgale north"
title = "Latgale"
"""
REGIONAL = """
[[standard]]
key = "solve"
promise = "We solve within 2 working days."
objective = "soon"
clock = "resolution"
within = "2 working days"
hours = "regional"
otherwise = "office"
"""
PROCEDURES = """
[[procedure]]
key = "answer"
objective = "soon"
title = { en = "How we answer", lv = "Kā atbildam" }
steps = ["Greet by name.", { en = "Say what happens next.", lv = "Pasaki, kas notiks." }]

[[procedure]]
key = "answer-gold"
objective = "soon"
title = "How we answer gold customers"
when = { segment = ["gold"], channel = ["email"] }
steps = ["Call them."]

[[procedure]]
key = "answer-chat"
objective = "soon"
title = "How we chat"
when = { channel = ["chat"] }
steps = ["Answer in a sentence."]
"""
LIVING = OWNED + HOURS + REGIONS + REGIONAL + PROCEDURES
