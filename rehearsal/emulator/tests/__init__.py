"""Tests of the emulator: python -m unittest discover -s rehearsal/emulator/tests -t rehearsal/emulator"""
