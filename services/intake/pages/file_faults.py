"""What the page says where a file is not taken: to whoever chose it, in plain words."""

from services.intake.attachments.refusal import Why
from services.intake.pages.question import N_

CHOOSE_AGAIN = N_("Choose the file again, please.")
_PICTURE = N_("We cannot open this picture. Send a screenshot of it.")
_HARMFUL = N_("There may be something harmful in this file. Send a screenshot of it.")

SENTENCES = {
    Why.empty: N_("Choose a file. If you chose one, there is nothing in it."),
    Why.too_large: N_("The file is too large. Send a smaller picture, or a part of it."),
    Why.unknown_kind: N_("We cannot take this kind of file. Send a picture, a PDF or plain text, or a screenshot."),
    Why.cut_off: N_("The end of the file is missing. Send it again."),
    Why.damaged: _PICTURE,
    Why.too_many_pixels: _PICTURE,
    Why.two_kinds: _HARMFUL,
    Why.active: _HARMFUL,
    Why.harmful: _HARMFUL,
    Why.bad_name: N_("Give the file a short and plain name, and choose it again."),
    Why.too_many: N_("We cannot take more files. Tell us the rest in words."),
}
