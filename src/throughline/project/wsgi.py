"""The web process: pages and API."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughline.project.settings")
application = get_wsgi_application()

# What is loaded by now stays. Told so, the collector walks only what requests make, and a page is not held up by a walk
# over half a million objects of the program itself; with a request's few thousand, every 700 is too often as well.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
