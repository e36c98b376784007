"""Draw the pictures of the README from the demo that `make up` has started: python -m tests.readme_pictures.

The one is a county's home page as a reader sees it, the other a push that was looked at on every site.
"""

import os
import shutil
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

IMAGES: Final = Path(__file__).parent.parent / "docs" / "images"
_BASE: Final = os.environ.get("BASE_DOMAIN", "yizhan.localhost")
_PORT: Final = os.environ.get("YIZHAN_WEB_PORT", "8000")
_COLOURS: Final = 128
# milliseconds: a proof fetches five pages of every site
_LOOKING: Final = 600_000


def draw_site(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1230})
    page.goto(f"http://dangyang.{_BASE}:{_PORT}/")
    _keep(page, "hall-site")


def draw_push(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1180, "height": 640})
    page.goto(f"http://{_BASE}:{_PORT}/sign-in/")
    page.locator("button[value=zhao]").click()
    page.wait_for_url("**/console/**")
    page.goto(f"http://{_BASE}:{_PORT}/console/pushes/")
    page.get_by_role("link", name="全省政务服务").click()
    again = page.get_by_role("button", name="重新核验")
    # the first look was taken before the demo suspended a hall
    again.click(timeout=_LOOKING)
    expect(again).to_be_hidden()
    expect(again).to_be_visible(timeout=_LOOKING)
    page.wait_for_load_state("networkidle")
    _keep(page, "push-result")


def _keep(page: Page, name: str) -> None:
    """Few colours: a picture is read in a browser by everybody who opens the README."""
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(_COLOURS).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        draw_site(chromium)
        draw_push(chromium)
