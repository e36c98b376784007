"""How staff and programs prove who they are: sessions, passwords, second factors, passkeys, tokens, the OpenID Connect
provider."""
