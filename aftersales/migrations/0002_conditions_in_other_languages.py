from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aftersales', '0001_returns_and_feedback'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreturnpolicy',
            name='conditions_ar',
            field=models.CharField(blank=True, max_length=300, verbose_name='conditions, Arabic'),
        ),
        migrations.AddField(
            model_name='historicalreturnpolicy',
            name='conditions_fr',
            field=models.CharField(blank=True, max_length=300, verbose_name='conditions, French'),
        ),
        migrations.AddField(
            model_name='historicalreturnpolicy',
            name='conditions_pt',
            field=models.CharField(blank=True, max_length=300, verbose_name='conditions, Portuguese'),
        ),
        migrations.AddField(
            model_name='returnpolicy',
            name='conditions_ar',
            field=models.CharField(blank=True, max_length=300, verbose_name='conditions, Arabic'),
        ),
        migrations.AddField(
            model_name='returnpolicy',
            name='conditions_fr',
            field=models.CharField(blank=True, max_length=300, verbose_name='conditions, French'),
        ),
        migrations.AddField(
            model_name='returnpolicy',
            name='conditions_pt',
            field=models.CharField(blank=True, max_length=300, verbose_name='conditions, Portuguese'),
        ),
    ]
