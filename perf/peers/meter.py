"""What every client written in Python reports; the counterpart of meter.mjs."""

import json
import os
import resource
import sys
import time
from array import array

LOAD = json.loads(sys.argv[1])

BODY = {
    "model": "ground-truth",
    "messages": [{"role": "user", "content": "Go."}],
    "stream": True,
    "stream_options": {"include_usage": True},
    "ground_truth": LOAD["schedule"],
}


def rss_bytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Meter:
    """Counts from its making, just before the first request, until `end`."""

    def __init__(self):
        self.rss_bytes = rss_bytes()
        self.started = time.perf_counter()
        self.usage = resource.getrusage(resource.RUSAGE_SELF)

    def end(self):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        user = usage.ru_utime - self.usage.ru_utime
        system = usage.ru_stime - self.usage.ru_stime
        return {
            "cpuUs": (user + system) * 1e6,
            "cpuBeforeUs": (self.usage.ru_utime + self.usage.ru_stime) * 1e6,
            "wallMs": (time.perf_counter() - self.started) * 1e3,
            "rssBytes": self.rss_bytes,
            "maxRssBytes": usage.ru_maxrss * 1024,
        }


def report(measured, reads, replies):
    """`replies`: of each its stamps in seconds of CLOCK_MONOTONIC, and the text of those chunks."""
    errors = array("d")
    for stamps, text in replies:
        for stamp, digits in zip(stamps, text.split(), strict=True):
            errors.append(stamp * 1e3 - int(digits) / 1e6)
    with open(LOAD["errorsFile"], "wb") as file:
        errors.tofile(file)
    print(json.dumps({**measured, "reads": reads, "chunks": len(errors)}))
