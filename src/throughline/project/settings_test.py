"""Settings of the test run: the product's own, in a folder that ends with it, with a cheap password hash."""

from __future__ import annotations

import os
import tempfile

_home = tempfile.mkdtemp(prefix="throughline-test-")
os.environ["THROUGHLINE_HOME"] = _home
os.environ.setdefault("THROUGHLINE_SECRET_KEY", "a-secret-of-the-test-run-only")
os.environ.setdefault("THROUGHLINE_PUBLIC_URL", "http://testserver")
os.environ.setdefault("THROUGHLINE_ANSWER_URL", "http://answers.testserver")

from throughline.project.settings import *  # noqa: E402, F403 - they read the environment set above
from throughline.project.settings import DATABASES, STORAGES  # noqa: E402 - as above

TEST_HOME = _home
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
AXES_ENABLED = False
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, so that threads and other processes see the same rows; not worth flushing to disk.
    DATABASES["default"]["TEST"] = {"NAME": f"{_home}/test.sqlite3"}
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
