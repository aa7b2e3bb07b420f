import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('branches', '0002_desks'),
        ('branches', '__first__'),
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelPause',
            fields=[
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('push', 'Push notice')], max_length=8, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
                ('why', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='PlanCursor',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('event_id', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Planned',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='records.event')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done', models.BooleanField(default=False)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='InboundEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=30)),
                ('event_id', models.CharField(max_length=160)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('raw', models.BinaryField()),
                ('applied_at', models.DateTimeField(null=True)),
                ('result', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'event_id'), name='inbound_event_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dedupe_key', models.CharField(max_length=160, unique=True)),
                ('template_key', models.CharField(max_length=40)),
                ('template_version', models.PositiveIntegerField(default=0)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('push', 'Push notice')], max_length=8)),
                ('language', models.CharField(default='en', max_length=8)),
                ('recipient', models.CharField(max_length=254)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('seq', models.PositiveIntegerField(default=0)),
                ('critical', models.BooleanField(default=False)),
                ('supersedes_older', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('retry', 'Trying again'), ('sending', 'Sending'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('failed', 'Refused'), ('dead', 'Given up'), ('superseded', 'Replaced by a newer one'), ('suppressed', 'Not sent'), ('withheld', 'Held back')], default='queued', max_length=12)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(null=True)),
                ('attempts_made', models.PositiveSmallIntegerField(default=0)),
                ('lease_id', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('provider', models.CharField(blank=True, max_length=30)),
                ('provider_id', models.CharField(blank=True, max_length=160)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('picture', models.CharField(blank=True, max_length=200)),
                ('handled_at', models.DateTimeField(null=True)),
                ('handled_reason', models.CharField(blank=True, max_length=200)),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='branches.branch')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='customers.customer')),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('fallback_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fallbacks', to='notifications.message')),
                ('handled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='orders.order')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'retry'])), fields=['not_before', 'id'], name='message_ready'), models.Index(condition=models.Q(('state', 'sending')), fields=['lease_until'], name='message_leased'), models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider', 'provider_id'], name='message_receipt'), models.Index(condition=models.Q(('state__in', ['queued', 'retry', 'sending'])), fields=['order', 'channel', 'seq'], name='message_head_of_line'), models.Index(fields=['branch', '-id'], name='message_branch'), models.Index(fields=['customer', '-id'], name='message_customer'), models.Index(fields=['order', '-id'], name='message_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'retry', 'sending', 'sent', 'delivered', 'failed', 'dead', 'superseded', 'suppressed', 'withheld'])), name='message_state_known'), models.UniqueConstraint(condition=models.Q(('order__isnull', False)), fields=('order', 'channel', 'seq'), name='message_seq_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), models.Q(('lease_id__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='message_sending_has_lease')],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('push', 'Push notice')], max_length=8)),
                ('address_hash', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('channel', 'address_hash'), name='suppression_once')],
            },
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('push', 'Push notice')], max_length=8)),
                ('language', models.CharField(max_length=8)),
                ('version', models.PositiveIntegerField()),
                ('subject', models.CharField(blank=True, max_length=160, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'channel', 'language', 'version'), name='template_version_once')],
            },
        ),
        migrations.CreateModel(
            name='TriggerSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template_key', models.CharField(max_length=40)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('push', 'Push notice')], max_length=8)),
                ('enabled', models.BooleanField()),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('template_key', 'channel'), name='trigger_switch_once')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('adapter', models.CharField(max_length=30)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=16)),
                ('provider_id', models.CharField(blank=True, max_length=160)),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='notifications.message')),
            ],
        ),
    ]
