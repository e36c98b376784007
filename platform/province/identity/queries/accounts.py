"""Accounts as administrators see them."""

from django.db.models import Q, QuerySet

from province.identity.models import Account


def accounts_with_posts(search: str = "") -> QuerySet[Account]:
    """Every account with its posts, by user name; ``search`` finds user names and people's names."""
    accounts = Account.objects.prefetch_related("posts").order_by("username")
    return accounts.filter(Q(username__icontains=search) | Q(name__icontains=search)) if search else accounts
