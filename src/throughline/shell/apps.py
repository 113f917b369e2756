from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "throughline.shell"
    label = "shell"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from throughline.components.navigation import NavItem, nav_register

        nav_register(NavItem("home", "Home", "shell:home", order=0, shortcut="h"))
        nav_register(NavItem("team", "Team", "shell:team", order=10, shortcut="t"))
