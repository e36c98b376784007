from uuid import UUID

from tenants.portal.models import Article


def picked_article(offer_id: UUID) -> Article | None:
    """The hall's own article that was made of this offer."""
    return Article.objects.filter(library_offer_id=offer_id).first()
