"""`manage.py rebuild_measures [--branch CODE] [--check]`: the measures anew from the records, or a comparison."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from branches.models import Branch
from reports.services import following, rebuilding


class Command(BaseCommand):
    """For whoever runs the practice: after an import, an upgrade, or a doubt."""

    help = "Builds the facts and sums behind the measures anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--branch", default="", help="only one branch, by its code")
        parser.add_argument("--check", action="store_true", help="compare only; exit with 1 on any difference")

    def handle(self, *args: Any, **options: Any) -> None:
        while following.read_on():
            pass
        following.pass_of_time()
        if options["check"]:
            self._check()
            return
        branch = Branch.objects.filter(code__iexact=options["branch"]).first() if options["branch"] else None
        if options["branch"] and branch is None:
            raise CommandError(f"There is no branch {options['branch']}.")
        total = rebuilding.rebuild(branch.pk if branch else None, self._progress)
        self.stdout.write(f"{total} records read.")

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} of {total}", ending="\r")

    def _check(self) -> None:
        differences = rebuilding.check()
        for difference in differences[:50]:
            self.stderr.write(str(difference))
        if differences:
            raise CommandError(f"{len(differences)} sums differ from the records.")
        self.stdout.write("Every sum equals what the records say.")
