import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('branches', '0001_initial'),
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalStockCount',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.CharField(db_index=True, max_length=20)),
                ('state', models.CharField(choices=[('open', 'Counting'), ('closed', 'Posted'), ('cancelled', 'Cancelled')], default='open', max_length=10)),
                ('whole_branch', models.BooleanField(default=True, help_text='Frames that nobody scans count as missing.', verbose_name='the whole branch')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('branch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='branches.branch')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical stock count',
                'verbose_name_plural': 'historical stock counts',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTransfer',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.CharField(db_index=True, max_length=20)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'On the way'), ('received', 'Received'), ('cancelled', 'Cancelled')], default='draft', max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('from_branch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='branches.branch')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_branch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='branches.branch')),
            ],
            options={
                'verbose_name': 'historical transfer',
                'verbose_name_plural': 'historical transfers',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='StockCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('open', 'Counting'), ('closed', 'Posted'), ('cancelled', 'Cancelled')], default='open', max_length=10)),
                ('whole_branch', models.BooleanField(default=True, help_text='Frames that nobody scans count as missing.', verbose_name='the whole branch')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stock_counts', to='branches.branch')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('branch',), name='one_open_count_per_branch'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='stock_count_closed_with_time')],
            },
        ),
        migrations.CreateModel(
            name='StockItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_hand', models.IntegerField(default=0)),
                ('reserved', models.IntegerField(default=0)),
                ('minimum', models.PositiveSmallIntegerField(default=0)),
                ('location', models.CharField(blank=True, max_length=40, verbose_name='place')),
                ('last_counted_at', models.DateTimeField(blank=True, null=True)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='branches.branch')),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='catalogue.frame')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('branch', 'frame'), name='stock_item_once'), models.CheckConstraint(condition=models.Q(('on_hand__gte', 0), ('reserved__gte', 0)), name='stock_not_negative'), models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('on_hand'))), name='reserved_not_above_on_hand')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'On the way'), ('received', 'Received'), ('cancelled', 'Cancelled')], default='draft', max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('from_branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers_out', to='branches.branch')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers_in', to='branches.branch')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('from_branch', models.F('to_branch')), _negated=True), name='transfer_moves'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'received']), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='transfer_sent_with_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'received'), _negated=True), ('received_at__isnull', False), _connector='OR'), name='transfer_received_with_time')],
            },
        ),
        migrations.CreateModel(
            name='StockCountLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted', models.PositiveSmallIntegerField(default=0)),
                ('expected', models.IntegerField(null=True)),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inventory.stockcount')),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.frame')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('count', 'frame'), name='count_line_once')],
            },
        ),
        migrations.CreateModel(
            name='StockEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('movement', models.CharField(choices=[('received', 'Received'), ('sold', 'Sold'), ('transfer_out', 'Sent to another branch'), ('transfer_in', 'Received from another branch'), ('counted', 'Count difference'), ('damaged', 'Damaged'), ('returned', 'Returned by customer'), ('to_supplier', 'Returned to supplier')], max_length=16)),
                ('quantity', models.IntegerField()),
                ('unit_cost', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('reference', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='inventory.stockitem')),
            ],
            options={
                'indexes': [models.Index(fields=['item', '-id'], name='stock_entry_item')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity', 0), _negated=True), name='stock_entry_not_zero')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80)),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('held', 'Reserved'), ('consumed', 'Sold'), ('released', 'Given back')], default='held', max_length=10)),
                ('held_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('held_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='inventory.stockitem')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'held')), fields=('reference',), name='one_held_per_reference')],
            },
        ),
        migrations.CreateModel(
            name='TransferLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent', models.PositiveSmallIntegerField()),
                ('received', models.PositiveSmallIntegerField(null=True)),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.frame')),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inventory.transfer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('transfer', 'frame'), name='transfer_line_once'), models.CheckConstraint(condition=models.Q(('sent__gt', 0)), name='transfer_line_sends')],
            },
        ),
    ]
