"""Addresses of orders: choosing and measuring, quotation and money. An order is addressed by its number."""

from django.urls import path

from orders.views import bulk, claims, dispense, documents, listing, page, quotation, takings, till

app_name = "orders"

urlpatterns = [
    path("start/", dispense.start, name="start"),
    path("<str:number>/dispense/", dispense.edit, name="dispense"),
    path("<str:number>/dispense/frame/", dispense.choose_frame, name="choose_frame"),
    path("<str:number>/dispense/frames/", dispense.search_frames, name="search_frames"),
    path("<str:number>/dispense/own-frame/", dispense.own_frame, name="own_frame"),
    path("<str:number>/dispense/compare/", dispense.compare, name="compare"),
    path("<str:number>/dispense/tray/", dispense.tray, name="tray"),
    path("<str:number>/dispense/prescription/", dispense.choose_prescription, name="choose_prescription"),
    path("<str:number>/second-pair/", dispense.second_pair, name="second_pair"),
    path("", listing.index, name="list"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/assign/", bulk.assign, name="bulk_assign"),
    path("bulk/date/", bulk.date, name="bulk_date"),
    path("bulk/note/", bulk.note, name="bulk_note"),
    path("drawer/", till.drawer, name="drawer"),
    path("drawer/<int:pk>/", takings.drawer_report, name="drawer_report"),
    path("takings/", takings.show, name="takings"),
    path("receipts/<str:number>/", till.receipt, name="receipt"),
    path("receipts/<str:number>/print/", documents.receipt, name="receipt_print"),
    path("<str:number>/", page.show, name="page"),
    path("<str:number>/quote/", quotation.quote, name="quote"),
    path("<str:number>/send/", quotation.send, name="send"),
    path("<str:number>/hand-over/", quotation.hand_over, name="kiosk"),
    path("<str:number>/tablet/", quotation.tablet, name="tablet"),
    path("<str:number>/tablet/decline/", quotation.decline, name="tablet_decline"),
    path("<str:number>/tablet/back/", quotation.take_back, name="tablet_back"),
    path("<str:number>/confirm/", page.confirm, name="confirm"),
    path("<str:number>/date/", page.repromise, name="repromise"),
    path("<str:number>/cancel/", page.cancel, name="cancel"),
    path("<str:number>/owner/", page.assign, name="assign"),
    path("<str:number>/note/", page.note, name="note"),
    path("<str:number>/close/", page.close, name="close"),
    path("<str:number>/pay/", till.pay, name="pay"),
    path("<str:number>/credit/<str:source>/", till.use_credit, name="use_credit"),
    path("<str:number>/claims/", claims.submit, name="claim_submit"),
    path("<str:number>/claims/<int:pk>/", claims.show, name="claim"),
    path("<str:number>/claims/<int:pk>/withdraw/", claims.withdraw, name="claim_withdraw"),
    path("<str:number>/refund/", till.refund, name="refund"),
    path("<str:number>/adjust/", till.adjust, name="adjust"),
    path("<str:number>/invoice/", documents.invoice, name="invoice"),
    path("<str:number>/quotation/<int:version>/", documents.quotation, name="quotation"),
    path("<str:number>/papers/<str:kind>/", documents.paper, name="paper"),
]
