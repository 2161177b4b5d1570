"""The receipt code: what a referrer comes back with. It is worked out from the referral's id and never stored."""

from uuid import UUID

from services.intake.seal import Seal


def receipt_code(seal: Seal, referral: UUID) -> str:
    """16 digits in groups of four, the last one a check digit (Luhn, ISO/IEC 7812-1): 15 free digits are 10^15 codes."""
    number = int.from_bytes(seal.digest("receipt-code", referral.bytes)) % 10**15
    digits = f"{number:015d}"
    digits += str(_check_digit(digits))
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


def receipt_lookup(seal: Seal, code: str) -> bytes:
    """What is stored in the code's place to find the referral by. Spaces and hyphens in the code do not matter."""
    return seal.digest("receipt-lookup", "".join(filter(str.isdecimal, code)).encode())


def is_well_formed(code: str) -> bool:
    """Whether a code can be one of ours: false for any single wrong digit."""
    digits = code.replace("-", "").replace(" ", "")
    return len(digits) == 16 and digits.isascii() and digits.isdecimal() and digits[-1] == str(_check_digit(digits[:-1]))


def _check_digit(digits: str) -> int:
    """Luhn: from the right, every other digit counts double, and doubles above nine count less nine."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10
