"""A small file of each kind with our headings, to send to a supplier or to fill in."""

from collections.abc import Mapping, Sequence

from catalogue.models import ImportKind

SAMPLES: Mapping[str, Sequence[Sequence[str]]] = {
    ImportKind.FRAMES: (
        ("SKU", "Brand", "Model", "Colour", "GTIN", "Size", "B", "ED", "Material", "Mount", "Cost", "Price"),
        ("KAR-214-HAV", "Karoo", "214", "havana", "", "52-18-140", "38", "55", "plastic", "full rim", "930", "2450"),
    ),
    ImportKind.LENSES: (
        (
            "Code", "Name", "Family", "Design", "Made as", "Material", "Index", "Corridor", "Min fitting height", "Days",
            "Cost", "Price", "Diameter", "Sphere from", "Sphere to", "Cylinder to", "Combined to", "Add from", "Add to",
            "Prism to",
        ),
        (
            "SV160-65", "Clara SV 1.60", "Clara SV", "single vision", "stock", "MR-8", "1.60", "", "", "1", "310", "890",
            "65", "-8.00", "+6.00", "-2.00", "-8.00", "", "", "",
        ),
        ("SV160-65", "", "", "", "", "", "", "", "", "", "", "", "70", "-6.00", "+4.00", "-2.00", "", "", "", ""),
        (
            "PAL167-14", "Vista HD 1.67", "Vista HD", "progressive", "free-form", "MR-7", "1.67", "14", "18", "5", "1850",
            "4390", "75", "-12.00", "+8.00", "-6.00", "", "0.75", "3.50", "6",
        ),
    ),
    ImportKind.ADD_ONS: (
        ("Code", "Name", "Kind", "Cost", "Price", "Extra days", "Included", "Goes with"),
        ("AR-SUPER", "Super hydrophobic AR", "coating", "180", "690", "1", "yes", "Vista HD; Clara SV"),
        ("TINT-G", "Solid tint grey", "tint", "90", "290", "1", "no", "*"),
    ),
    ImportKind.BANDS: (
        ("Lens code or family", "For", "From", "To", "Cost", "Price"),
        ("Vista HD", "sphere", "6.25", "8.00", "120", "260"),
        ("Vista HD", "cylinder", "4.25", "6.00", "140", "300"),
        ("SV160-65", "prism", "0.25", "3.00", "60", "150"),
    ),
    ImportKind.PRICES: (
        ("Code", "For", "From", "To", "Cost", "Price"),
        ("SV160-65", "", "", "", "325", "920"),
        ("AR-SUPER", "", "", "", "", "720"),
        ("Vista HD", "sphere", "6.25", "8.00", "125", "275"),
        ("Vista HD", "diameter", "75", "80", "", "180"),
    ),
}  # fmt: skip
