"""`make pictures`: pages of figures and a sample document of a synthetic year into docs/figures/, to be looked at."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page

from deploy.embedded import Database, mongod_binary
from deploy.embedded.settings import from_environment
from services.reporting.pdf_export import as_pictures
from shared.principal import Role
from tests.browser.chromium import PHONE, chromium, window
from tests.browser.figures import Served, served_figures
from tests.browser.picture import picture

FOLDER = Path(__file__).parents[2] / "docs/figures"
QUARTERS = ("FY2026-Q1", "FY2026-Q2")
