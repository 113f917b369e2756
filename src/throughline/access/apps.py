from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "throughline.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from throughline.access.selectors.setup import has_invited
        from throughline.access.settings_pages import (
            SettingsPage,
            SetupStep,
            settings_page_register,
            setup_step_register,
        )
        from throughline.components.navigation import NavItem, nav_register

        nav_register(
            NavItem(
                "settings",
                "Settings",
                "settings:overview",
                90,
                "s",
                match=("settings",),
                is_visible=lambda actor: actor.is_member,
            )
        )
        settings_page_register(
            SettingsPage("overview", "Overview", "settings:overview", 10, lambda actor: actor.is_member),
            SettingsPage(
                "organisation",
                "Organisation",
                "settings:organisation",
                20,
                lambda actor: actor.is_administrator,
            ),
            SettingsPage("members", "Members", "settings:members", 30, lambda actor: actor.is_member),
            SettingsPage("invitations", "Invitations", "settings:invitations", 40, lambda actor: actor.is_member),
            SettingsPage("shares", "Guests", "settings:shares", 45, lambda actor: actor.is_member),
            SettingsPage("tokens", "API tokens", "settings:tokens", 60, lambda actor: not actor.is_guest),
            SettingsPage("security", "Your account", "settings:security", 80),
        )
        setup_step_register(
            SetupStep(
                "invite",
                "Invite people",
                "Each gets a link by which they join, once, within fourteen days.",
                "settings:invitation_new",
                20,
                has_invited,
            )
        )
