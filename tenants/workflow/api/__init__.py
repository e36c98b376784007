"""The HTTP interface of a hall's forms, of its flows and of what runs of them; one noun a file."""

from ninja import Router

from tenants.workflow.api import choices, fillings, flows, forms, places, runs, sent, work

router = Router()
router.add_router("/forms", forms.router)
router.add_router("/flows", flows.router)
router.add_router("/places", places.router)
router.add_router("/fillings", fillings.router)
router.add_router("/choices", choices.router)
router.add_router("/sent", sent.router)
router.add_router("/runs", runs.router)
router.add_router("/work", work.router)
