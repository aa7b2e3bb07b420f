import math
import re
from decimal import Decimal

from django.template import Context, Template

from core.drawing import EyeMarks, FrameSketch, draw
from lensmath.shape import Shape

D = Decimal
SKETCH = FrameSketch(D(52), D(38), D(18), EyeMarks(D("31.5"), D(21), D(65)), EyeMarks(D(31), D(20)))


def paths(drawing, kind):
    return [line.path for line in drawing.lines if line.kind == kind]


def crosses(drawing):
    return [(float(one.x), float(one.y)) for one in drawing.rounds if one.kind == "mark"]


def test_the_right_eye_is_at_the_viewers_left_and_crosses_lie_pd_and_height_from_bridge_and_box():
    (right_x, right_y), (left_x, left_y) = crosses(draw(SKETCH))
    middle, bottom = 56 + 52 * 4 + 18 * 2, 40 + 38 * 4
    assert (middle - right_x, left_x - middle) == (31.5 * 4, 31 * 4)
    assert (bottom - right_y, bottom - left_y) == (21 * 4, 20 * 4)


def test_decentration_is_told_with_its_direction():
    texts = [word.text for word in draw(SKETCH).words]
    assert "3.5 in" in texts and "4.0 in" in texts
    wide = FrameSketch(D(40), D(30), D(14), EyeMarks(D(30)), EyeMarks(D(27)))
    assert [word.text for word in draw(wide).words if word.text.endswith(" out")] == ["3.0 out"]


def test_a_centred_eye_has_no_decentration():
    centred = FrameSketch(D(52), D(38), D(18), EyeMarks(D(35)))
    assert not any(word.text.endswith((" in", " out")) for word in draw(centred).words)


def test_sizes_stand_on_their_lines():
    texts = {word.text for word in draw(SKETCH).words}
    assert {"A 52", "B 38", "DBL 18", "Frame PD 70", "R 31.5", "L 31.0", "21.0", "20.0"} <= texts
    half = FrameSketch(D("52.50"), D(38), D(18))
    assert "A 52.5" in {word.text for word in draw(half).words}


def test_the_blank_lies_around_the_fitting_point_and_the_paper_holds_it():
    drawing = draw(SKETCH)
    (blank,) = [one for one in drawing.rounds if one.kind == "blank"]
    assert (float(blank.x), float(blank.y)) == crosses(drawing)[0] and float(blank.radius) == 130
    x, y, width, height = map(float, drawing.view_box.split())
    assert x <= float(blank.x) - 130 and y <= float(blank.y) - 130
    assert x + width >= float(blank.x) + 130 and y + height >= float(blank.y) + 130


def test_a_traced_outline_keeps_its_own_form_and_is_not_mirrored_again():
    radii = [D(26) if 0 <= angle < 90 else D(20) for angle in range(0, 360, 5)]
    shape = Shape(tuple(radii))
    sketch = FrameSketch(shape.a_mm, shape.b_mm, D(18), right_shape=shape, left_shape=shape.mirrored())
    right, left = (
        [tuple(map(float, pair.split())) for pair in re.split("[ML]", path.strip("MZ"))]
        for path in paths(draw(sketch), "rim")
    )
    middle = 56 + float(shape.a_mm) * 4 + 18 * 2
    mirrored = {(round(2 * middle - x), round(y)) for x, y in right}
    assert all(any(math.dist(point, other) < 2 for other in mirrored) for point in left)
    nasal_top = max(x for x, y in right if y < 40 + float(shape.b_mm) * 2)
    temporal_top = min(x for x, y in right if y < 40 + float(shape.b_mm) * 2)
    centre = 56 + float(shape.a_mm) * 2
    assert nasal_top - centre > centre - temporal_top - 13


def test_without_a_pd_there_are_sizes_and_no_marks():
    drawing = draw(FrameSketch(D(52), D(38), D(18)))
    assert drawing.rounds == [] and paths(drawing, "mark") == []
    assert len(paths(drawing, "rim")) == 2


def test_for_the_customer_only_the_frame_is_drawn():
    drawing = draw(FrameSketch(D(52), D(38), D(18)), dimensions=False)
    assert drawing.words == [] and paths(drawing, "dim") == [] and drawing.view_box == "34 0 532 178"


def test_the_picture_is_told_in_words():
    html = Template("{% frame_drawing sketch %}").render(Context({"sketch": SKETCH}))
    assert 'role="img"' in html and "style=" not in html
    assert "right eye on the left. Right: PD 31.5, height 21.0. Left: PD 31.0, height 20.0" in html
