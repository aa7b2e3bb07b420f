"""What is always true of stock."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "I3a",
        "Stock on hand is the sum of its ledger",
        """
        SELECT i.id, i.on_hand, coalesce(sum(e.quantity), 0) FROM inventory_stockitem i
        LEFT JOIN inventory_stockentry e ON e.item_id = i.id
        GROUP BY i.id HAVING i.on_hand <> coalesce(sum(e.quantity), 0)
        """,
    ),
    Invariant(
        "I3b",
        "What is reserved is the sum of held reservations",
        """
        SELECT i.id, i.reserved, coalesce(sum(r.quantity), 0) FROM inventory_stockitem i
        LEFT JOIN inventory_reservation r ON r.item_id = i.id AND r.state = 'held'
        GROUP BY i.id HAVING i.reserved <> coalesce(sum(r.quantity), 0)
        """,
    ),
    Invariant(
        "I4",
        "A received transfer accounts for every piece that was sent",
        """
        SELECT t.id, l.frame_id FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
        WHERE t.state = 'received' AND l.received IS NULL
        """,
    ),
)
