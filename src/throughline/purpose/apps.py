from django.apps import AppConfig


class PurposeConfig(AppConfig):
    name = "throughline.purpose"
    label = "purpose"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from throughline.components.navigation import NavItem, nav_register
        from throughline.decisions.serving import serves_register
        from throughline.kernel.actor import Actor
        from throughline.notify.schedule import periodic_register
        from throughline.purpose.selectors import purpose_choices
        from throughline.purpose.tasks import REMIND_EVERY_SECONDS, reviews_remind

        def is_for_members(actor: Actor) -> bool:
            return actor.is_member

        nav_register(
            NavItem(
                key="purpose",
                label="Purpose",
                url_name="purpose:overview",
                order=20,
                shortcut="u",
                match=("purpose",),
                is_visible=is_for_members,
            )
        )
        serves_register("purpose", purpose_choices)
        periodic_register("purpose.reviews_remind", REMIND_EVERY_SECONDS, reviews_remind)
