"""All parts as template tags. Listed in the template builtins, so no page needs {% load %}."""

from __future__ import annotations

from django import template

from throughline.components.tags import charts, controls, forms, layout, lists, people, text

register = template.Library()
for module in (charts, controls, forms, layout, lists, people, text):
    register.tags.update(module.register.tags)
    register.filters.update(module.register.filters)
