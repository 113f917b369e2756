from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LedgerConfig(AppConfig):
    name = "throughline.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Each app says in these modules how its things are shown, what follows an event, and what waits for whom.
        autodiscover_modules("subjects", "reactions")
