from django.apps import AppConfig


class LabjobsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "labjobs"
