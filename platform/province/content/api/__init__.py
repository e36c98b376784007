"""The HTTP interface of content; one noun a file."""

from ninja import Router

from province.content.api import accounts, assets, library, looks, manuscripts, pushes, reviews

router = Router()
router.add_router("/manuscripts", manuscripts.router)
router.add_router("/reviews", reviews.router)
router.add_router("/assets", assets.router)
router.add_router("/pushes", pushes.router)
router.add_router("/pushes", looks.router)
router.add_router("/library", library.router)
router.add_router("/accounts", accounts.router)
