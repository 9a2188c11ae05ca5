"""Runs a command on a terminal of its own and acts on it, as a person would.

usage: terminal.py TRANSCRIPT ACTIONS COMMAND...

ACTIONS is JSON: a list of steps done one after the other:
  {"wait": TEXT}      until TEXT was shown since the last step
  {"sleep": SECONDS}
  {"type": TEXT}      keys, \x03 being Ctrl-C and \x1a Ctrl-Z
  {"signal": NUMBER}  to the command's process
  {"hangup": true}    the terminal goes away
What was shown goes into TRANSCRIPT; stdout gets {"code": …} or {"signal": …}.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

LIMIT_S = 60


def main(transcript, actions, command):
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    shown = bytearray()
    seen = 0
    begun = time.monotonic()

    def read(timeout):
        """Takes what is there; False once nothing more comes."""
        if master is None:
            time.sleep(timeout)
            return True
        ready, _, _ = select.select([master], [], [], timeout)
        if not ready:
            return True
        try:
            data = os.read(master, 65536)
        except OSError:
            return False
        shown.extend(data)
        return bool(data)

    def overdue():
        return time.monotonic() - begun > LIMIT_S

    for step in json.loads(actions):
        if "wait" in step:
            text = step["wait"].encode()
            while text not in shown[seen:] and not overdue():
                if not read(0.05):
                    break
            seen = len(shown)
        if "sleep" in step:
            until = time.monotonic() + step["sleep"]
            while time.monotonic() < until:
                read(0.05)
        if "type" in step:
            os.write(master, step["type"].encode())
        if "signal" in step:
            os.kill(pid, step["signal"])
        if "hangup" in step:
            os.close(master)
            master = None

    status = None
    while status is None and not overdue():
        read(0.05)
        done, found = os.waitpid(pid, os.WNOHANG)
        if done:
            status = found
    while master is not None and status is not None and select.select([master], [], [], 0.1)[0]:
        if not read(0):
            break
    if status is None:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    with open(transcript, "wb") as file:
        file.write(shown)
    if status is None:
        print(json.dumps({"hung": True}))
    elif os.WIFSIGNALED(status):
        print(json.dumps({"signal": os.WTERMSIG(status)}))
    else:
        print(json.dumps({"code": os.WEXITSTATUS(status)}))


main(sys.argv[1], sys.argv[2], sys.argv[3:])
