"""Files go out whole (`--dist loadfile`), and a run ends also when a test takes its process along.

xdist's own scheduler gives the test that killed a process to the next process, again and again, and may give a process
one test alone, which waits for a second one for ever. Here the test has failed, and what is left of its file goes on.
"""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController


class WholeFiles(LoadFileScheduling):
    """The files of a dead process go to another, without the test that was running."""

    def remove_node(self, node: WorkerController) -> str | None:
        """The test that was running when the process died; None where it had nothing left to do."""
        given = self.assigned_work.pop(node)
        died = next((test for tests in given.values() for test, done in tests.items() if not done), None)
        if died is not None:
            given[self._split_scope(died)][died] = True
        self.workqueue.update({file: tests for file, tests in given.items() if not all(tests.values())})
        for other in self.nodes:
            self._reschedule(other)
        return died

    def _reschedule(self, node: WorkerController) -> None:
        """A process begins a test when it knows the next: one test alone is not enough while there are more."""
        if node not in self.registered_collections:
            return
        super()._reschedule(node)
        while self.workqueue and not node.shutting_down and self._pending_of(self.assigned_work[node]) < 2:
            self._assign_work_unit(node)
