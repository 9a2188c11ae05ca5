"""Runs a test program that calls `check(candidate)`, in a process that the answer's code never enters.

The candidate is a stand-in: each call goes out as a request, is made in the answer's own process,
and its result comes back as a value. So there is nothing here for the answer to tamper with.
"""

import builtins
import sys
import types

import channel
import serve
import wire


def run(work):
    """`work`: {check, prefix, function}; ends with {passed}, {failed} or {raised}."""

    def candidate(*args, **kwargs):
        channel.send({"call": {"args": wire.encode(list(args)), "kwargs": wire.encode(kwargs)}})
        return result(channel.receive())

    module = types.ModuleType("tests")
    sys.modules["tests"] = module
    names = module.__dict__
    try:
        execute(complete(work["prefix"]), "<prompt>", names)
        names[work["function"]] = candidate
        execute(work["check"], "<tests>", names)
        names[work["function"]] = candidate
        names["check"](candidate)
    except AssertionError as error:
        channel.send({"failed": failed_line(error, work["check"]), "message": str(error)[:500]})
    except BaseException as error:
        channel.send(serve.raised(error))
    else:
        channel.send({"passed": True})


def complete(prefix):
    """A signature alone wants a body to be a program."""
    try:
        compile(prefix, "<prompt>", "exec", dont_inherit=True)
    except SyntaxError:
        return prefix.rstrip() + "\n    pass\n"
    return prefix


def execute(source, name, names):
    exec(compile(source, name, "exec", dont_inherit=True), names)


def result(reply):
    if "value" in reply:
        return wire.decode(reply["value"])
    kind, _, text = reply["raised"].partition(": ")
    known = getattr(builtins, kind, None)
    if isinstance(known, type) and issubclass(known, Exception):
        try:
            error = known(text)
        except TypeError:  # UnicodeDecodeError wants five arguments
            error = Exception(reply["raised"])
    else:
        error = Exception(reply["raised"])
    raise error


def failed_line(error, source):
    trace = error.__traceback__
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<tests>":
            line = trace.tb_lineno
        trace = trace.tb_next
    lines = source.splitlines()
    return lines[line - 1].strip()[:300] if line is not None and line <= len(lines) else None
