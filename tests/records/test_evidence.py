import io

import pytest
from PIL import Image

from core import actor
from core.errors import DomainError
from records.models import Evidence, EvidenceKind
from records.services import evidence
from records.services.evidence import EvidenceData, Subject, Upload
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo_with_location() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[1] = "S"
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def add(upload: Upload) -> Evidence:
    subject = Subject(factories.branch())
    return evidence.add(actor.system(), subject, EvidenceData(EvidenceKind.PHOTO, "Paper", upload=upload))


def test_a_photo_is_re_encoded_without_its_location() -> None:
    kept = add(Upload("../../etc/passwd.jpg", photo_with_location()))
    content = kept.file.read()
    assert b"SECRETCAMERA" not in content
    assert dict(Image.open(io.BytesIO(content)).getexif()) == {}
    assert len(kept.sha256) == 64
    assert kept.file.name.startswith("evidence/") and ".." not in kept.file.name
    assert Image.open(kept.thumbnail).size == (320, 240)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "Only JPEG"),
        (b"GIF89a" + b"\0" * 40, "Only JPEG"),
        (b"{not json", "not a readable JSON"),
        (b"\xff\xd8\xff" + b"\0" * 40, "Only JPEG"),
        (b"x" * (15 * 1024 * 1024 + 1), "larger than 15 MB"),
        (b"[" * 200_000, "not a readable JSON"),
    ],
)
def test_what_is_not_taken_is_refused_and_nothing_is_kept(content: bytes, message: str) -> None:
    with pytest.raises(DomainError, match=message) as caught:
        add(Upload("photo.jpg", content))
    assert "file" in caught.value.fields
    assert Evidence.objects.count() == 0


def test_a_picture_that_would_unpack_huge_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(DomainError, match="40 megapixels"):
        add(Upload("flood.png", out.getvalue()))
