import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

# The ledger is append-only, so that adding each entry as it is written keeps the sums exact.
# Nothing is written to it between the sum and the trigger.
ADD_UP = """
LOCK TABLE orders_ledgerentry IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO orders_orderbalance (order_id, charged, paid)
SELECT order_id, coalesce(sum(amount) FILTER (WHERE kind NOT IN ('payment', 'refund')), 0),
       coalesce(-sum(amount) FILTER (WHERE kind IN ('payment', 'refund')), 0)
FROM orders_ledgerentry GROUP BY order_id;

CREATE FUNCTION orders_add_to_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_money CONSTANT boolean := NEW.kind IN ('payment', 'refund');
BEGIN
    INSERT INTO orders_orderbalance (order_id, charged, paid)
    VALUES (NEW.order_id, CASE WHEN is_money THEN 0 ELSE NEW.amount END, CASE WHEN is_money THEN -NEW.amount ELSE 0 END)
    ON CONFLICT (order_id) DO UPDATE
    SET charged = orders_orderbalance.charged + excluded.charged, paid = orders_orderbalance.paid + excluded.paid;
    RETURN NULL;
END $$;

CREATE TRIGGER add_to_balance AFTER INSERT ON orders_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION orders_add_to_balance();
"""
UNDO = """
DROP TRIGGER add_to_balance ON orders_ledgerentry;
DROP FUNCTION orders_add_to_balance();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0007_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderBalance',
            fields=[
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='balance', serialize=False, to='orders.order')),
                ('charged', models.DecimalField(decimal_places=2, max_digits=12)),
                ('paid', models.DecimalField(decimal_places=2, max_digits=12)),
                ('owed', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(models.F('charged'), '-', models.F('paid')), output_field=models.DecimalField(decimal_places=2, max_digits=12))),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('owed__gt', 0)), fields=['order'], name='balance_owed')],
            },
        ),
        migrations.RunSQL(ADD_UP, UNDO),
    ]
