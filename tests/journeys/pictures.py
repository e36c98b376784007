"""Pictures of the guides, drawn anew by the journeys: YIZHAN_PICTURES=docs/images."""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

PICTURES = os.environ.get("YIZHAN_PICTURES", "")
# few: a picture is read in a browser by everybody who opens the guide
_COLOURS = 64


def keep_picture(page: Page, name: str, at: Locator | None = None) -> None:
    """The window as it is, or scrolled to what is shown ``at``."""
    if PICTURES:
        if at:
            # below the bar that stays at the top
            at.evaluate("(it) => { it.scrollIntoView(); scrollBy(0, -80); }")
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(_COLOURS).save(Path(PICTURES) / f"{name}.png", optimize=True)
