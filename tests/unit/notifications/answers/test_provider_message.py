"""What the provider of text messages posts: whose it is, and what somebody wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.answers.provider_message import Reply, Wish, is_signed, read_reply, signature

# Twilio's own example, in "Security": its address, form, token and signature.
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


def test_the_signature_is_the_one_of_the_documentation() -> None:
    assert signature("12345", URL, FORM) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), st.text(max_size=30))
def test_nothing_else_is_taken_for_it(form: dict[str, str], claimed: str) -> None:
    right = signature("token", URL, form)
    assert is_signed("token", URL, form, right)
    assert is_signed("token", URL, form, claimed) is (claimed == right)
    assert not is_signed("token", URL + "x", form, right)
    assert not is_signed("other", URL, form, right)


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("STOP", Reply(Wish.stop)),
        (" stop. ", Reply(Wish.stop)),
        ("Unsubscribe", Reply(Wish.stop)),
        ("start", Reply(Wish.start)),
        ("OK 0A1B2C3D", Reply(Wish.seen, "0a1b2c3d")),
        ("ok, 0a1b2c3d thanks", Reply(Wish.seen, "0a1b2c3d")),
        ("visto: 0a1b2c3d", Reply(Wish.seen, "0a1b2c3d")),
        ("ok", Reply(Wish.unclear)),
        ("please stop calling her", Reply(Wish.unclear)),
        ("", Reply(Wish.unclear)),
    ],
)
def test_what_somebody_wants_is_read_from_few_words(said: str, reply: Reply) -> None:
    assert read_reply(said) == reply
