from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "throughline.decisions"
    label = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from throughline.components.navigation import NavItem, nav_register
        from throughline.kernel.actor import Actor

        def is_for_members(actor: Actor) -> bool:
            return actor.is_member

        nav_register(
            NavItem(
                key="decisions",
                label="Decisions",
                url_name="decisions:log",
                order=50,
                shortcut="d",
                match=("decisions",),
                is_visible=is_for_members,
            )
        )
