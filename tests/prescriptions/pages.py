"""What the tests of the pages share: a typed grid, its address, a page's words."""

import re
from typing import Any

from django.urls import reverse

TYPED = {
    "kind": "progressive", "right_sphere": "-225", "right_cylinder": "-75", "right_axis": "90", "right_add": "2",
    "left_sphere": "-2", "left_cylinder": "-50", "left_axis": "85", "left_add": "+2.00", "right_far_pd": "31.5", "left_far_pd": "31",
}  # fmt: skip


def new(thandi: Any) -> str:
    return reverse("prescriptions:new", args=[thandi.number])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
