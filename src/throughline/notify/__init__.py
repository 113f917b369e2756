"""Notify: telling people what concerns them, through the channels they chose, and what waits for them.

Nouns: notification, channel, preference, waiting item. Three rules: a notification holds no text of the thing
it is about, only its reference, so it shows what its reader may see when it is read; nobody is told about
their own act; a channel is one file in `channels/`.
"""
