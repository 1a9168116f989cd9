"""Waiting for a state, never for a time."""

import time

SECONDS_MAX = 60


def until(look, what, seconds=SECONDS_MAX):
    """What `look` gives when it first gives something; fails when it never does."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.02)
