from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotifyConfig(AppConfig):
    name = "throughline.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Apps say in `waiting.py` what waits for whom and in `notices.py` how their notifications read.
        autodiscover_modules("waiting", "notices")
        from throughline.access.settings_pages import (
            SettingsPage,
            SetupStep,
            settings_page_register,
            settings_urls_register,
            setup_step_register,
        )
        from throughline.components.navigation import NavItem, nav_register
        from throughline.notify import tasks
        from throughline.notify.selectors import has_mail_server

        tasks.register()
        nav_register(NavItem("inbox", "Inbox", "notify:inbox", 80, "i", match=("notify",)))
        settings_urls_register("throughline.notify.settings_urls")
        settings_page_register(
            SettingsPage("mail", "Mail", "settings:mail", 50, lambda actor: actor.is_administrator),
            SettingsPage("notifications", "Notifications", "settings:notifications", 70),
        )
        setup_step_register(
            SetupStep(
                "mail",
                "Set up mail",
                "Invitations, reminders and new passwords go out through your own mail server.",
                "settings:mail",
                10,
                has_mail_server,
            )
        )
