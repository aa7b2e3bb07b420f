import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('branches', '0001_initial'),
        ('core', '0001_initial'),
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('eye_test', 'Eye test'), ('contact_lens', 'Contact lens check'), ('dispensing', 'Frame and lens'), ('fitting', 'Fitting'), ('collection', 'Collection'), ('adjustment', 'Adjustment')], max_length=16, verbose_name='kind')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='time')),
                ('state', models.CharField(choices=[('booked', 'Booked'), ('arrived', 'Arrived'), ('done', 'Done'), ('no_show', 'No-show'), ('cancelled', 'Cancelled')], default='booked', max_length=12)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('cancelled_reason', models.CharField(blank=True, max_length=200)),
                ('reminder_sent_at', models.DateTimeField(blank=True, null=True)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='branches.branch')),
                ('clinician', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='customers.customer')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='branches.room')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ['cancelled', 'no_show']), _negated=True), expressions=[('clinician', '='), ('period', '&&')], name='clinician_not_double_booked'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ['cancelled', 'no_show']), _negated=True), expressions=[('room', '='), ('period', '&&')], name='room_not_double_booked'), models.CheckConstraint(condition=models.Q(('state__in', ['booked', 'arrived', 'done', 'no_show', 'cancelled'])), name='appointment_state_known')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAppointment',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('eye_test', 'Eye test'), ('contact_lens', 'Contact lens check'), ('dispensing', 'Frame and lens'), ('fitting', 'Fitting'), ('collection', 'Collection'), ('adjustment', 'Adjustment')], max_length=16, verbose_name='kind')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='time')),
                ('state', models.CharField(choices=[('booked', 'Booked'), ('arrived', 'Arrived'), ('done', 'Done'), ('no_show', 'No-show'), ('cancelled', 'Cancelled')], default='booked', max_length=12)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('cancelled_reason', models.CharField(blank=True, max_length=200)),
                ('reminder_sent_at', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('branch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='branches.branch')),
                ('clinician', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='customers.customer')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('room', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='branches.room')),
            ],
            options={
                'verbose_name': 'historical appointment',
                'verbose_name_plural': 'historical appointments',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalVisit',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('walk_in', models.BooleanField(default=True)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('in_test', 'In test'), ('dispensing', 'Dispensing'), ('done', 'Done'), ('left', 'Left')], default='waiting', max_length=12)),
                ('arrived_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('test_started_at', models.DateTimeField(blank=True, null=True)),
                ('dispensing_started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=200, verbose_name='outcome')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('appointment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='visits.appointment')),
                ('attended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='branches.branch')),
                ('customer', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='customers.customer')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical visit',
                'verbose_name_plural': 'historical visits',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], default='counter', max_length=12, verbose_name='source')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('responsible_role', models.CharField(blank=True, max_length=24, verbose_name='responsible role')),
                ('version', models.PositiveIntegerField(default=1)),
                ('walk_in', models.BooleanField(default=True)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('in_test', 'In test'), ('dispensing', 'Dispensing'), ('done', 'Done'), ('left', 'Left')], default='waiting', max_length=12)),
                ('arrived_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('test_started_at', models.DateTimeField(blank=True, null=True)),
                ('dispensing_started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=200, verbose_name='outcome')),
                ('appointment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit', to='visits.appointment')),
                ('attended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='branches.branch')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='customers.customer')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['branch', '-arrived_at'], name='visit_branch_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'in_test', 'dispensing', 'done', 'left'])), name='visit_state_known'), models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'in_test', 'dispensing'])), fields=('branch', 'customer'), name='one_open_visit')],
            },
        ),
    ]
