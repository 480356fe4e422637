"""Words of others don't turn ours around."""

from answerable.core.bidi import unturned


def test_nothing_is_left_that_sets_a_direction_by_force() -> None:
    turning = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
    assert unturned(f"a{''.join(turning)}b") == "ab"
    assert unturned("Invoice \u202egnp.exe") == "Invoice gnp.exe"


def test_letters_of_every_direction_stay() -> None:
    for name in ("Dace Ozola", "ნინო", "שלום", "محمد\u200f", "नम\u200dस्ते"):
        assert unturned(name) == name
