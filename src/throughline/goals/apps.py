from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "throughline.goals"
    label = "goals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from throughline.components.navigation import NavItem, nav_register
        from throughline.goals.tasks import REMIND_EVERY_SECONDS, reminders_send
        from throughline.notify.schedule import periodic_register

        nav_register(NavItem("goals", "Goals", "goals:list", 40, "o", match=("goals",)))
        periodic_register("goals.checkin_reminders", REMIND_EVERY_SECONDS, reminders_send)
