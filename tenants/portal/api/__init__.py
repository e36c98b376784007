"""The HTTP interface of a hall's desk; one noun a file."""

from ninja import Router

from tenants.portal.api import accounts, articles, columns, files, library, pushes, settings, workdays

router = Router()
router.add_router("/articles", articles.router)
router.add_router("/files", files.router)
router.add_router("/columns", columns.router)
router.add_router("/pushes", pushes.router)
router.add_router("/library", library.router)
router.add_router("/accounts", accounts.router)
router.add_router("/settings", settings.router)
router.add_router("/workdays", workdays.router)
