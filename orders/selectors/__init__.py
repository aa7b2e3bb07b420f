"""What pages, documents and other apps read of orders."""

from orders.selectors.finding import order_of, orders_for
from orders.stages import stages

__all__ = ["order_of", "orders_for", "stages"]
