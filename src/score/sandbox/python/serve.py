"""Defines what the answer defines, and calls it as asked: values go out, what was expected never comes in."""

import sys
import types

import channel
import wire


def run(work):
    """`work`: {code, function}. Then one reply to each {args, kwargs, after}."""
    function = define(work["code"], work["function"])
    while function is not None:
        try:
            channel.send(call(function, channel.receive()))
        except MemoryError:
            channel.send({"memory": True})


def define(code, name):
    """The function, told to the other end too; None where there is none.

    Code that raises when it has defined the function, as by a test of its own or by reading what was
    typed, has defined it all the same.
    """
    module = types.ModuleType("answer")
    sys.modules["answer"] = module  # where dataclasses and pickle look for it
    function = None
    told = {"missing": name}
    try:
        exec(compile(code, "<answer>", "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        told = raised(error)
    try:
        function = find(module.__dict__, name)
    except BaseException as error:
        told = raised(error)
    channel.send(told if function is None else {**told, "loaded": True})
    return function


def find(names, path):
    """`name`, or `Class.method` of a class made without arguments."""
    owner, _, method = path.partition(".")
    found = names.get(owner)
    if method and isinstance(found, type):
        return getattr(found(), method, None)
    return found if callable(found) else None


def call(function, request):
    args = wire.decode(request["args"])
    kwargs = wire.decode(request.get("kwargs", {}))
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        return raised(error)
    try:
        reply = {"value": wire.encode(value)}
        if request.get("after"):
            reply["after"] = wire.encode(args)
    except RecursionError:
        return {"unsendable": "nested too deeply"}
    except BaseException as error:
        return raised(error)
    return reply


def raised(error):
    kind = type(error).__name__
    try:
        text = str(error)[:500]
    except BaseException:
        text = ""
    if isinstance(error, MemoryError):
        return {"memory": True}
    line = line_in_answer(error)
    if isinstance(error, SyntaxError) and error.filename == "<answer>":
        return {"syntax": f"line {error.lineno}: {error.msg}"}
    return {"raised": f"{kind}: {text}" if text else kind, "line": line, "module": lacked(error)}


STANDARD = getattr(sys, "stdlib_module_names", {"asyncio"})  # since 3.10


def lacked(error):
    """The module of the standard library that is not to be had here."""
    name = getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None
    return name if isinstance(name, str) and name.partition(".")[0] in STANDARD else None


def line_in_answer(error):
    """The innermost line of the answer that was running."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<answer>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
