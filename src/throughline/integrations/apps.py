from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "throughline.integrations"
    label = "integrations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from throughline.access.settings_pages import SettingsPage, settings_page_register
        from throughline.kernel.actor import Actor

        def imports(actor: Actor) -> bool:
            return actor.is_facilitator

        settings_page_register(SettingsPage("goal_import", "Import goals", "integrations:import", 60, imports))
