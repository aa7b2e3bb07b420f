"""What is always true of parcels."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "I30",
        "Of no line is more in parcels than was sold",
        """
        SELECT l.line_id, sum(l.quantity), q.quantity FROM shipping_shipmentline l
        JOIN shipping_shipment s ON s.id = l.shipment_id JOIN orders_quotationline q ON q.id = l.line_id
        WHERE s.to_branch_id IS NULL AND s.ended_reason = '' AND s.state NOT IN ('cancelled', 'returned')
        GROUP BY l.line_id, q.quantity HAVING sum(l.quantity) > q.quantity
        """,
    ),
    Invariant(
        "I31",
        "What was sent to a customer had passed every checkpoint",
        """
        SELECT id, number FROM shipping_shipment WHERE state <> 'cancelled' AND jsonb_array_length(gates) < 7
        """,
    ),
    Invariant(
        "I32",
        "A shipped order has a parcel that left",
        """
        SELECT o.id, o.number FROM orders_order o WHERE o.state = 'shipped' AND NOT EXISTS (
            SELECT 1 FROM shipping_shipment s WHERE s.order_id = o.id AND s.handed_over_at IS NOT NULL)
        """,
    ),
    Invariant(
        "I33",
        "The customer was told no state of a parcel twice",
        """
        SELECT id, number FROM shipping_shipment
        WHERE jsonb_array_length(told) <> (SELECT count(DISTINCT value) FROM jsonb_array_elements(told))
        """,
    ),
)
