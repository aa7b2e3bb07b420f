import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('branches', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('approved', models.BooleanField(default=True)),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_by_name', models.CharField(max_length=120)),
                ('role', models.CharField(blank=True, max_length=24)),
                ('method', models.CharField(choices=[('signed_in_shop', 'Signed on the tablet'), ('typed_in_shop', 'Typed name on the tablet'), ('link', 'By link on the phone'), ('staff', 'By a member of staff')], max_length=16)),
                ('customer_id', models.BigIntegerField(null=True)),
                ('order_id', models.BigIntegerField(null=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('text_shown', models.TextField(blank=True)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('device', models.CharField(blank=True, max_length=200)),
                ('ip_address', models.GenericIPAddressField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('out_of_date_at', models.DateTimeField(null=True)),
                ('out_of_date_because', models.CharField(blank=True, max_length=200)),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='records.approval')),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id', '-id'], name='approval_subject'), models.Index(condition=models.Q(('order_id__isnull', False)), fields=['order_id'], name='approval_order')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True)),
                ('occurred_at', models.DateTimeField(null=True)),
                ('action', models.UUIDField(default=uuid.uuid4)),
                ('actor_name', models.CharField(max_length=120)),
                ('role', models.CharField(blank=True, max_length=24)),
                ('source', models.CharField(choices=[('counter', 'Counter'), ('link', "Customer's link"), ('api', 'Another system'), ('import', 'Import'), ('webhook', "Provider's notice"), ('system', 'System')], max_length=12)),
                ('reason_code', models.CharField(blank=True, max_length=40)),
                ('reason', models.TextField(blank=True)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField(null=True)),
                ('order_id', models.BigIntegerField(null=True)),
                ('old', models.JSONField(default=dict)),
                ('new', models.JSONField(default=dict)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch')),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id', '-id'], name='event_subject'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['customer_id', '-id'], name='event_customer'), models.Index(condition=models.Q(('order_id__isnull', False)), fields=['order_id', '-id'], name='event_order'), models.Index(fields=['kind', 'at'], name='event_kind_at'), models.Index(fields=['branch', 'at'], name='event_branch_at'), models.Index(fields=['action'], name='event_action')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('photo', 'Photo'), ('scan', 'Scan'), ('document', 'Document'), ('signature', 'Signature'), ('file', 'Data file'), ('note', 'Note'), ('link', 'Link')], max_length=12)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('url', models.URLField(blank=True, verbose_name='link')),
                ('file', models.FileField(blank=True, upload_to='evidence/%Y/%m/')),
                ('thumbnail', models.FileField(blank=True, upload_to='evidence/%Y/%m/')),
                ('content_type', models.CharField(blank=True, max_length=80)),
                ('size_bytes', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('added_by_name', models.CharField(max_length=120)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=200)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch')),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='evidence_subject')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('order_id', models.BigIntegerField(null=True)),
                ('from_role', models.CharField(blank=True, max_length=24)),
                ('to_role', models.CharField(max_length=24)),
                ('stage', models.CharField(max_length=40)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('changes', models.JSONField(default=list)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id', '-id'], name='handover_subject')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=60)),
                ('from_id', models.BigIntegerField()),
                ('to_id', models.BigIntegerField()),
                ('row_count', models.PositiveIntegerField()),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('sealed_hash', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('table', 'from_id'), name='seal_once')],
            },
        ),
        migrations.CreateModel(
            name='ApprovalInput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_type', models.CharField(max_length=60)),
                ('record_id', models.BigIntegerField()),
                ('record_version', models.PositiveIntegerField()),
                ('label', models.CharField(max_length=160)),
                ('values', models.JSONField(default=dict)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inputs', to='records.approval')),
            ],
            options={
                'indexes': [models.Index(fields=['record_type', 'record_id'], name='approval_input_record')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('decision', models.CharField(max_length=40)),
                ('blocks', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[('open', 'Review needed'), ('decided', 'Decided again'), ('overridden', 'Stands, with reason'), ('dropped', 'No longer needed')], default='open', max_length=12)),
                ('what_changed', models.CharField(max_length=300)),
                ('why_it_matters', models.CharField(max_length=300)),
                ('before_next_stage', models.CharField(max_length=300)),
                ('cause_type', models.CharField(max_length=60)),
                ('cause_id', models.BigIntegerField()),
                ('cause_version', models.PositiveIntegerField(default=0)),
                ('customer_id', models.BigIntegerField(null=True)),
                ('order_id', models.BigIntegerField(null=True)),
                ('owner_role', models.CharField(max_length=24)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('resolution_reason', models.TextField(blank=True)),
                ('approval', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='records.approval')),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch')),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['order_id'], name='review_open_order'), models.Index(fields=['subject_type', 'subject_id'], name='review_subject'), models.Index(condition=models.Q(('state', 'open')), fields=['owner', 'branch'], name='review_open_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'decided', 'overridden', 'dropped'])), name='review_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('resolved_at__isnull', False)), _connector='OR'), name='review_resolved_with_time')],
            },
        ),
    ]
