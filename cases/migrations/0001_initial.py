import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('branches', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('state', models.CharField(choices=[('open', 'Open'), ('waiting_approval', 'Waiting for approval'), ('closed', 'Closed')], default='open', max_length=20)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField(null=True)),
                ('order_id', models.BigIntegerField(null=True)),
                ('owner_role', models.CharField(max_length=24)),
                ('severity', models.PositiveSmallIntegerField(default=2)),
                ('due_at', models.DateTimeField(null=True)),
                ('blocks', models.CharField(blank=True, max_length=40)),
                ('earlier_value', models.JSONField(default=dict)),
                ('cause_code', models.CharField(blank=True, max_length=12)),
                ('party_at_fault', models.CharField(blank=True, max_length=20)),
                ('cost', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('decision', models.CharField(blank=True, max_length=40)),
                ('decision_reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closing_note', models.TextField(blank=True)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='branches.branch')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_cases', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['branch', '-id'], name='case_open_branch'), models.Index(fields=['subject_type', 'subject_id'], name='case_subject'), models.Index(condition=models.Q(('order_id__isnull', False)), fields=['order_id'], name='case_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'waiting_approval', 'closed'])), name='case_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='case_closed_with_time')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCase',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.CharField(db_index=True, max_length=20)),
                ('kind', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('state', models.CharField(choices=[('open', 'Open'), ('waiting_approval', 'Waiting for approval'), ('closed', 'Closed')], default='open', max_length=20)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField(null=True)),
                ('order_id', models.BigIntegerField(null=True)),
                ('owner_role', models.CharField(max_length=24)),
                ('severity', models.PositiveSmallIntegerField(default=2)),
                ('due_at', models.DateTimeField(null=True)),
                ('blocks', models.CharField(blank=True, max_length=40)),
                ('earlier_value', models.JSONField(default=dict)),
                ('cause_code', models.CharField(blank=True, max_length=12)),
                ('party_at_fault', models.CharField(blank=True, max_length=20)),
                ('cost', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('decision', models.CharField(blank=True, max_length=40)),
                ('decision_reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closing_note', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('branch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='branches.branch')),
                ('closed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requested_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical case',
                'verbose_name_plural': 'historical cases',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='CaseLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=40)),
                ('record_type', models.CharField(max_length=60)),
                ('record_id', models.BigIntegerField()),
                ('label', models.CharField(max_length=160)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='CaseNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='note')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_name', models.CharField(max_length=120)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='CaseTick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=40)),
                ('ticked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticks', to='cases.case')),
                ('ticked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'item'), name='case_tick_once')],
            },
        ),
    ]
