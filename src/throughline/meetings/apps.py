from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "throughline.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from throughline.components.navigation import NavItem, nav_register
        from throughline.meetings import answer_host  # noqa: F401 - registers its start-up check

        nav_register(
            NavItem(
                key="meetings",
                label="Meetings",
                url_name="meetings:list",
                order=30,
                shortcut="m",
                match=("meetings",),
                is_visible=lambda actor: not actor.is_guest,
            )
        )
