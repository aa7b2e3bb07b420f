from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0003_words_on_invoices'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalorganisation',
            name='invoice_words_ar',
            field=models.TextField(blank=True, verbose_name='good to know, Arabic'),
        ),
        migrations.AddField(
            model_name='historicalorganisation',
            name='invoice_words_fr',
            field=models.TextField(blank=True, verbose_name='good to know, French'),
        ),
        migrations.AddField(
            model_name='historicalorganisation',
            name='invoice_words_pt',
            field=models.TextField(blank=True, verbose_name='good to know, Portuguese'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='invoice_words_ar',
            field=models.TextField(blank=True, verbose_name='good to know, Arabic'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='invoice_words_fr',
            field=models.TextField(blank=True, verbose_name='good to know, French'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='invoice_words_pt',
            field=models.TextField(blank=True, verbose_name='good to know, Portuguese'),
        ),
    ]
