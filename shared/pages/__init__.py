"""What every page of ours stands on: layout, style, languages, errors and safe headers."""

from shared.pages.application import page_application
from shared.pages.catalogs import Catalogs
from shared.pages.languages import ENGLISH, LANGUAGES, Language, chosen
from shared.pages.pages import Pages
from shared.pages.static import Static

__all__ = ["ENGLISH", "LANGUAGES", "Catalogs", "Language", "Pages", "Static", "chosen", "page_application"]
