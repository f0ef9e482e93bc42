"""What only Windows runs, as far as another system can tell: the calls, in order, and the layout of what they pass."""
import ctypes
import unittest
from unittest import mock

import support  # noqa: F401
from tss_host import health, windows_job


class JobTest(unittest.TestCase):
    def setUp(self):
        self.kernel = mock.Mock()
        self.kernel.CreateJobObjectW.return_value = 7
        patches = {"WinDLL": mock.Mock(return_value=self.kernel), "WinError": OSError, "get_last_error": mock.Mock(return_value=5)}
        for name, value in patches.items():
            patch = mock.patch.object(ctypes, name, value, create=True)
            patch.start()
            self.addCleanup(patch.stop)

    def test_its_processes_end_with_it(self):
        job = windows_job.Job()
        handle, kind, limits, size = self.kernel.SetInformationJobObject.call_args.args
        # JobObjectExtendedLimitInformation, of 144 bytes on 64-bit Windows; JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE at its 16th byte.
        self.assertEqual((handle, kind, size), (7, 9, 144))
        self.assertEqual(bytes(limits._obj)[16:20], (0x2000).to_bytes(4, "little"))
        job.add(42)
        self.kernel.AssignProcessToJobObject.assert_called_once_with(7, 42)
        job.terminate()
        self.kernel.TerminateJobObject.assert_called_once_with(7, 1)

    def test_a_refusal_is_an_error(self):
        self.kernel.SetInformationJobObject.return_value = 0
        with self.assertRaises(OSError):
            windows_job.Job()


class TerminalTest(unittest.TestCase):
    def test_reads_what_tasklist_says(self):
        for output, runs in (('"terminal64.exe","4242","Console","1","120,000 K"\r\n', True), ("INFO: No tasks are running which match the specified criteria.\r\n", False)):
            with mock.patch("subprocess.run", return_value=mock.Mock(stdout=output)) as asked:
                self.assertIs(health.terminal_runs(), runs)
            # Session 0 has no desktop: a terminal there is none that trades.
            self.assertIn("SESSION gt 0", asked.call_args.args[0])


if __name__ == "__main__":
    unittest.main()
