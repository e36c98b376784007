"""The HTTP interface of forms, of flows and of what waits; one noun a file."""

from ninja import Router

from tenants.workflow.api import fillings, sent

router = Router()
router.add_router("/fillings", fillings.router)
router.add_router("/sent", sent.router)
