"""A foreign key is an import too: it points to the same app or to one below, like the imports that the layers allow."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField, Model


def layers() -> dict[str, int]:
    """App name and the number of its line in the import contract; a larger number lies lower."""
    facts = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    lines = facts["tool"]["importlinter"]["contracts"][0]["layers"]
    return {name.strip(): number for number, line in enumerate(lines) for name in line.split("|")}


def links(model: type[Model]) -> Iterator[tuple[str, str]]:
    """Field name and the app it points to."""
    for field in model._meta.get_fields():
        if isinstance(field, ForeignKey | ManyToManyField):
            yield field.name, field.related_model._meta.app_config.name


def wrong(models: Any) -> list[str]:
    order = layers()
    found = []
    for model in models:
        source = model._meta.app_config.name
        for field, target in links(model):
            if source in order and target in order and source != target and order[target] <= order[source]:
                found.append(f"{source}.{model.__name__}.{field} -> {target}")
    return found


def test_every_app_has_its_line() -> None:
    ours = {app.name for app in apps.get_app_configs() if Path(app.path).parent == Path(settings.BASE_DIR)}
    assert ours - set(layers()) == set()


def test_foreign_keys_point_downwards() -> None:
    assert wrong(apps.get_models(include_auto_created=True)) == []


def test_a_foreign_key_that_points_upwards_would_be_found() -> None:
    """The control: seen from below, the links of orders are wrong."""

    class Upside(Model):
        class Meta:
            app_label = "core"
            managed = False

        order = ForeignKey("orders.Order", on_delete=lambda *_: None, related_name="+")

    try:
        assert wrong([Upside]) == ["core.Upside.order -> orders"]
    finally:
        del apps.all_models["core"]["upside"]
        apps.clear_cache()
