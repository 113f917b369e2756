from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "throughline.components"
    label = "components"
