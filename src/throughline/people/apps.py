from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "throughline.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from throughline.access.actors import actor_facts_register
        from throughline.access.people_hook import organisation_starter_register, person_creator_register
        from throughline.access.settings_pages import SetupStep, setup_step_register
        from throughline.components.navigation import NavItem, nav_register
        from throughline.people.selectors.actors import actor_with_units
        from throughline.people.selectors.people import has_several_people
        from throughline.people.services.persons import person_of_organisation
        from throughline.people.services.units import organisation_units_begin

        actor_facts_register(actor_with_units)
        person_creator_register(person_of_organisation)
        organisation_starter_register(organisation_units_begin)
        setup_step_register(
            SetupStep(
                key="people",
                label="Import people",
                detail="From an HR export in CSV or XLSX; you see what would change before anything does.",
                url_name="people:imports",
                order=30,
                is_done=has_several_people,
            )
        )
        nav_register(
            NavItem(
                key="people",
                label="People",
                url_name="people:people",
                order=60,
                shortcut="p",
                match=("people",),
            )
        )
