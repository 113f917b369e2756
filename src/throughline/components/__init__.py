"""The design system: tokens, type, the frame, and the parts every page is made of.

Nouns: frame (what surrounds a page), part (one reusable piece of a page), trace strip (the line of a thing).
Three rules: a page uses nothing but these parts; colour never carries meaning alone; nothing needs
inline style or script, so the strictest content security policy holds.
"""
