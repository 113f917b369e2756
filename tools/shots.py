"""`make shots`: screenshots of the main pages into shots/, phone and desktop, light and dark."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.pages import MAIN_PAGES, pages_of
from tests.browser.product import CHROMIUM_ARGUMENTS, chromium, served

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
FOLDER = Path("shots")


def main() -> int:
    """Serve the demo, sign in as the leader, and photograph each page in four ways."""
    path = chromium()
    if path is None:
        print("Not done. Chromium is not installed (Debian package chromium).")
        return 1
    FOLDER.mkdir(exist_ok=True)
    wanted = set(sys.argv[1:])
    with served() as product, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        addresses = pages_of(product, browser)
        for scheme in ("light", "dark"):
            for size, viewport in SIZES.items():
                context = browser.new_context(
                    base_url=product.url,
                    viewport=viewport,
                    color_scheme=scheme,
                    storage_state=addresses.storage_state,
                )
                stranger = browser.new_context(base_url=product.url, viewport=viewport, color_scheme=scheme)
                page, outside = context.new_page(), stranger.new_page()
                for name in MAIN_PAGES:
                    if not wanted or name in wanted:
                        by = outside if name == "sign-in" else page
                        _shoot(by, addresses.url_of[name], FOLDER / f"{name}-{size}-{scheme}.png")
                context.close()
                stranger.close()
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}/")
    return 0


def _shoot(page: Page, url: str, path: Path) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=re.sub(r"[^\w./-]", "_", str(path)), full_page=True)


if __name__ == "__main__":
    sys.exit(main())
