"""How changes of the catalogue read in an audit."""

from django.utils.translation import gettext_lazy as _

from records.phrases import CHANGES, Phrase, register

register(
    {
        kind: Phrase(words, CHANGES, "glasses", hidden=True)
        for kind, words in {
            "catalogue.frame_added": _("Frame added to the catalogue"),
            "catalogue.frame_changed": _("Frame or its price changed"),
            "catalogue.frame_traced": _("Outline of a frame traced"),
            "catalogue.frame_discontinued": _("Frame discontinued"),
            "catalogue.frame_reinstated": _("Frame offered again"),
            "catalogue.lens_discontinued": _("Lens discontinued"),
            "catalogue.lens_reinstated": _("Lens offered again"),
            "catalogue.supplier_added": _("Supplier added"),
            "catalogue.supplier_changed": _("Supplier changed"),
            "catalogue.lens_added": _("Lens added to the catalogue"),
            "catalogue.lens_changed": _("Lens or its price changed"),
            "catalogue.add_on_saved": _("Coating or extra changed"),
            "catalogue.service_saved": _("Service or its price changed"),
            "catalogue.price_list_begun": _("Price list begun"),
            "catalogue.price_list_changed": _("Price list changed"),
            "catalogue.price_list_published": _("Price list published"),
            "catalogue.price_list_withdrawn": _("Price list withdrawn"),
            "catalogue.imported": _("Supplier's list imported"),
            "catalogue.import_reversed": _("Import of a supplier's list taken back"),
        }.items()
    }
)
