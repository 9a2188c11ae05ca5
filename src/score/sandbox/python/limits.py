"""Limits that the kernel keeps, and rights given up."""

import os
import resource

NOBODY = 65534
LAST_FILE = 3


def close_other_files():
    """Only requests, replies and /dev/null stay open."""
    try:
        files = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:  # no /proc here
        files = range(LAST_FILE + 1, 4096)
    for file in files:
        if file > LAST_FILE:
            try:
                os.close(file)
            except OSError:
                pass  # the one that listed the others


def set_limits(memory_bytes, cpu_seconds):
    """`memory_bytes` is for the answer: what the interpreter holds already comes on top."""
    space = held_bytes() + memory_bytes
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + cpu_seconds
    for kind, most in (
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, LAST_FILE + 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(kind, (most, most))


def held_bytes():
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 128 << 20


def give_up_root():
    """Root's rights are of no use where no system call asks for them; away with them all the same."""
    if os.geteuid() != 0:
        return
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        pass  # a namespace without that user
