from province.identity.models.accounts import Account
from province.identity.models.actors import Actor, Grant
from province.identity.models.posts import Post, Role
from province.identity.models.tokens import ApiToken
from province.identity.models.tries import SignInTry

__all__ = ["Account", "Actor", "ApiToken", "Grant", "Post", "Role", "SignInTry"]
