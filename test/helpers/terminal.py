"""Runs a program in a terminal and shows what it says, until SIGUSR1 closes the terminal; then waits for its end.

    python3 terminal.py PROGRAM [ARGUMENT …]
"""
import fcntl
import os
import pty
import signal
import struct
import sys
import termios

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))
signal.signal(signal.SIGUSR1, lambda *_: os.close(terminal))
try:
    while data := os.read(terminal, 65536):
        os.write(1, data)
except OSError:  # closed here, or by the program's end
    pass
os.waitpid(child, 0)
