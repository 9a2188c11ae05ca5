"""Values as JSON that keeps Python's types apart; ../wire.ts is the other end.

Lists, texts, booleans, None, numbers with a fraction and whole numbers up to 2**53 are themselves;
anything else is an object with one key that begins with `$`.
"""

import decimal
import fractions
import math

SAFE = 2**53


def encode(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value) if -SAFE < value < SAFE else {"$int": hex(value)}
    if isinstance(value, float):
        return encode_float(float(value))
    if isinstance(value, (decimal.Decimal, fractions.Fraction)):
        return encode(int(value)) if value == int(value) else encode_float(float(value))
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, tuple):
        return {"$tuple": [encode(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {"$set": [encode(item) for item in value]}
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": value.hex()}
    if isinstance(value, dict):
        if all(type(key) is str and not key.startswith("$") for key in value):
            return {key: encode(item) for key, item in value.items()}
        return {"$dict": [[encode(key), encode(item)] for key, item in value.items()]}
    return {"$repr": f"{type(value).__name__} {repr(value)[:200]}"}


def encode_float(value):
    if math.isfinite(value) and value != int(value):
        return value
    return {"$float": repr(value)}


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, inner),) = value.items()
        if key in TAGS:
            return TAGS[key](inner)
    return {key: decode(item) for key, item in value.items()}


class Unknown:
    """A value that cannot be passed on: equal to nothing."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def __eq__(self, other):
        return False

    __hash__ = None


TAGS = {
    "$int": lambda text: int(text, 0),
    "$float": float,
    "$tuple": lambda items: tuple(decode(item) for item in items),
    "$set": lambda items: set(decode(item) for item in items),
    "$bytes": bytes.fromhex,
    "$dict": lambda pairs: {decode(key): decode(item) for key, item in pairs},
    "$repr": Unknown,
}
