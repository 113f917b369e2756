"""Pages of meetings: each reads the request, calls one or two functions and chooses a template."""
