"""The HTTP interface of a hall's forms, of its flows and of what runs of them; one noun a file."""

from ninja import Router

from tenants.workflow.api import flows, forms

router = Router()
router.add_router("/forms", forms.router)
router.add_router("/flows", flows.router)
