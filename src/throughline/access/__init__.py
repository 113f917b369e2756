"""Access: organisations, accounts, roles, invitations, tokens, and who acts in a request.

Nouns: organisation, account, membership, role, invitation, token, share. Three rules: an actor is resolved
once per request and outsiders get 404; a guest opens only what was shared and only pages that welcome guests;
a secret is stored as its hash.
"""
