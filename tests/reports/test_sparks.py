"""Sparklines break at gaps, are dotted where a span is not over, and lose no value."""

from reports import sparks
from tests.reports.test_charts import tree


def test_sparks_need_two_values_and_break_at_gaps() -> None:
    assert sparks.spark([None, 3.0]) is None
    spark = tree(sparks.spark([1.0, 2.0, None, 3.0, 1.0], 2.0) or "")
    assert [len(str(line.get("points")).split()) for line in spark.iter("polyline")] == [2, 2]
    assert [path.get("d") for path in spark.iter("path")] == ["M0 17.0H120"]


def test_a_spark_is_dotted_where_it_leads_to_what_is_not_over() -> None:
    spark = tree(sparks.spark([1.0, 2.0, 3.0, 0.0], opened=[True, False, False, True]) or "")
    assert [(line.get("class"), line.get("points")) for line in spark.iter("polyline")] == [
        ("open", "1.0,21.7 40.3,12.3"),
        ("open", "79.7,3.0 119.0,31.0"),
        (None, "40.3,12.3 79.7,3.0"),
    ]


def test_a_value_between_two_gaps_stays_visible_as_a_dash() -> None:
    spark = tree(sparks.spark([1.0, None, 3.0, None, 2.0, 2.0]) or "")
    lines = [line.get("points") for line in spark.iter("polyline")]
    assert lines == ["0.0,31.0 5.0,31.0", "44.2,3.0 52.2,3.0", "95.4,17.0 119.0,17.0"]
