import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, gradeCode, problems } from './graded.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokentape-attacked-'));
const victim = join(folder, 'victim.txt');
const bootstrap = new URL('../../../src/score/sandbox/python/guard.py', import.meta.url).pathname;
let server: Server;
let port = 0;
let connections = 0;

beforeAll(async () => {
  writeFileSync(victim, 'unharmed');
  server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** Takes the guard in words away, as hostile code can: what is left is the kernel's filter. */
const DISARM = `
import sys
def disarm():
    frame = sys._getframe()
    while frame is not None:
        guard = frame.f_locals.get('guard')
        if guard is not None:
            guard.ASKS.clear()
            guard.IMPORTS.clear()
            return True
        frame = frame.f_back
    return False
def libc():
    CDLL = next(one for one in object.__subclasses__() if one.__name__ == 'CDLL')
    return CDLL(None, use_errno=True)
`;

const body = (lines: string) => `def f(x):\n${lines.replace(/^/gm, '    ')}\n    return 2`;
const disarmed = (lines: string) => `import os\n${DISARM}\n${body(`assert disarm()\n${lines}`)}`;
/** Numbers are those of x86_64. */
const syscall = (call: string) => disarmed(`libc().syscall(${call})`);

/** Of what may end by its limit of time: a short one will do. */
const ENDLESS = /ran longer|was not done/;
const KILLED = 'stopped: made a system call that is not allowed';

type Attack = [name: string, code: () => string, reason: string | RegExp];

const CHILDREN: Attack[] = [
  [
    'subprocess',
    () => body('import subprocess\nsubprocess.run(["true"])'),
    'stopped: asked for a child process',
  ],
  ['os.system', () => body('import os\nos.system("true")'), 'stopped: asked for a child process'],
  ['os.fork', () => body('import os\nos.fork()'), 'stopped: asked for a child process'],
  [
    'a fork bomb',
    () => body('import os\nwhile True: os.fork()'),
    'stopped: asked for a child process',
  ],
  [
    'os.posix_spawn',
    () => body('import os\nos.posix_spawn("/bin/true", ["true"], {})'),
    'stopped: asked for a child process',
  ],
  [
    'os.execv',
    () => body('import os\nos.execv("/bin/true", ["true"])'),
    'stopped: asked for a child process',
  ],
  [
    'multiprocessing',
    () => body('import multiprocessing\nmultiprocessing.Process(target=print).start()'),
    'stopped: asked for a child process',
  ],
  [
    'a thread',
    () => body('import threading\nthreading.Thread(target=print).start()'),
    'stopped: asked for a thread',
  ],
  [
    'ctypes',
    () => body('import ctypes\nctypes.CDLL(None).fork()'),
    'stopped: asked for native code',
  ],
  [
    'ctypes found in memory',
    () => `${DISARM}\n${body('libc().fork()')}`,
    'stopped: asked for native code',
  ],
  ['os.fork, disarmed', () => disarmed('os.fork()'), KILLED],
  ['a fork bomb, disarmed', () => disarmed('while True: os.fork()'), KILLED],
  ['os.system, disarmed', () => disarmed('os.system("true")'), KILLED],
  ['os.execv, disarmed', () => disarmed('os.execv("/bin/true", ["true"])'), KILLED],
  ['vfork, disarmed', () => disarmed('libc().vfork()'), KILLED],
  [
    'a signal to the parent',
    () => body('import os\nos.kill(os.getppid(), 9)'),
    'stopped: asked for to signal a process',
  ],
  ['a signal to the parent, disarmed', () => disarmed('os.kill(os.getppid(), 9)'), KILLED],
  ['a signal to all, disarmed', () => disarmed('os.kill(-1, 9)'), KILLED],
  ['a signal to the group, disarmed', () => disarmed('os.killpg(0, 9)'), KILLED],
];

const FILES: Attack[] = [
  ['/etc/passwd', () => body('open("/etc/passwd").read()'), 'stopped: asked for a file'],
  [
    'its own bootstrap',
    () => body(`open(${JSON.stringify(bootstrap)}).read()`),
    'stopped: asked for a file',
  ],
  ['/proc/self/mem', () => body('open("/proc/self/mem", "rb")'), 'stopped: asked for a file'],
  [
    '/proc/self/environ',
    () => body('import os\nos.open("/proc/self/environ", os.O_RDONLY)'),
    'stopped: asked for a file',
  ],
  ['a listing', () => body('import os\nos.listdir("/")'), 'stopped: asked for the file system'],
  [
    'pathlib',
    () => body('import pathlib\npathlib.Path("/etc/passwd").read_text()'),
    'stopped: asked for a file',
  ],
  [
    'a source line',
    () => body('import inspect, os\ninspect.getsource(os)'),
    /^stopped: asked for a file|raised/,
  ],
  [
    'a write',
    () => body(`open(${JSON.stringify(victim)}, "w").write("x")`),
    'stopped: asked for a file',
  ],
  [
    'a write in the working folder',
    () => body('open("written-by-attack", "w").write("x")'),
    'stopped: asked for a file',
  ],
  [
    'a write by flags',
    () =>
      body(`import os\nos.open(${JSON.stringify(join(folder, 'new'))}, os.O_CREAT | os.O_WRONLY)`),
    'stopped: asked for a file',
  ],
  [
    'a removal',
    () => body(`import os\nos.remove(${JSON.stringify(victim)})`),
    'stopped: asked for the file system',
  ],
  [
    'a temporary file',
    () => body('import tempfile\ntempfile.mkstemp()'),
    'stopped: asked for the file system',
  ],
  [
    'the size of a file',
    () => body(`import os\nos.stat(${JSON.stringify(victim)})`),
    /raised PermissionError/,
  ],
  ['/etc/passwd, disarmed', () => disarmed('os.open("/etc/passwd", os.O_RDONLY)'), KILLED],
  ['a write, disarmed', () => disarmed(`open(${JSON.stringify(victim)}, "w")`), KILLED],
  ['open of C, disarmed', () => disarmed('libc().open(b"/etc/passwd", 0)'), KILLED],
  ['a removal, disarmed', () => disarmed(`os.remove(${JSON.stringify(victim)})`), KILLED],
  [
    'a link, disarmed',
    () => disarmed(`os.symlink("/etc/passwd", ${JSON.stringify(join(folder, 'new'))})`),
    KILLED,
  ],
  [
    'a folder, disarmed',
    () => disarmed(`os.mkdir(${JSON.stringify(join(folder, 'new'))})`),
    KILLED,
  ],
  ['memfd, disarmed', () => disarmed('os.memfd_create("x")'), KILLED],
  ['a pipe, disarmed', () => disarmed('os.pipe()'), KILLED],
];

const NETWORK: Attack[] = [
  [
    'IPv4',
    () => body(`import socket\nsocket.create_connection(("127.0.0.1", ${port}))`),
    'stopped: asked for a socket',
  ],
  [
    'urllib',
    () => body(`import urllib.request\nurllib.request.urlopen("http://127.0.0.1:${port}/")`),
    'stopped: asked for the network',
  ],
  ['http.client', () => body('import http.client'), 'stopped: asked for the network'],
  ['IPv4, disarmed', () => syscall('41, 2, 1, 0'), KILLED],
  ['IPv6, disarmed', () => syscall('41, 10, 1, 0'), KILLED],
  ['unix, disarmed', () => syscall('41, 1, 1, 0'), KILLED],
  ['netlink, disarmed', () => syscall('41, 16, 3, 0'), KILLED],
  ['a pair of sockets, disarmed', () => syscall('53, 1, 1, 0, None'), KILLED],
  [
    'a name looked up, disarmed',
    () => disarmed('libc().getaddrinfo(b"localhost", b"80", None, None)'),
    /^stopped: /,
  ],
  ['connect on what is open, disarmed', () => syscall('42, 3, None, 16'), KILLED],
];

const SYSTEM_CALLS: Attack[] = Object.entries({
  ptrace: '101, 0, 0, 0, 0',
  'socket as x32': '0x40000000 | 41, 2, 1, 0',
  'open as x32': '0x40000002, b"/etc/passwd", 0',
  seccomp: '317, 0, 0, 0',
  unshare: '272, 0x10000000',
  mount: '165, b"none", b"/mnt", b"tmpfs", 0, 0',
  chroot: '161, b"/"',
  bpf: '321, 0, None, 0',
  userfaultfd: '323, 0',
  process_vm_readv: '310, 1, None, 0, None, 0, 0',
  open_by_handle_at: '304, 0, None, 0',
  io_uring_setup: '425, 1, None',
  pidfd_open: '434, 1, 0',
  openat2: '437, -100, b"/etc/passwd", None, 0',
  memfd_secret: '447, 0',
  keyctl: '250, 0, 0',
  setrlimit: '160, 9, None',
  clone: '56, 17, 0, 0, 0, 0',
  'tgkill of another': '234, 1, 1, 9',
  'memory to be executed': '9, None, 4096, 7, 34, -1, 0',
  'memory made executable': '10, 0, 4096, 5',
  'an unknown number': '9999',
}).map(([name, args]) => [name, () => syscall(args), KILLED]);

const GREED: Attack[] = [
  ['8 GB at once', () => body('y = bytearray(8 * 2**30)'), /asked for more than 128 MiB/],
  [
    '8 GB in pieces',
    () => body('y = []\nwhile len(y) < 2**23: y.append(bytearray(1024))'),
    /asked for more than 128 MiB/,
  ],
  ['a text of 8 GB', () => body('y = "x" * 2**33'), /asked for more than 128 MiB/],
  ['an endless loop', () => body('while True: pass'), 'stopped: ran longer than 0.3 s'],
  [
    'an endless loop at the top',
    () => 'while True: pass\ndef f(x): return 2',
    'stopped: ran longer than 0.3 s',
  ],
  [
    'an endless loop that catches all and hears no signal',
    () => `import signal
for one in range(1, 65):
    try: signal.signal(one, signal.SIG_IGN)
    except Exception: pass
def f(x):
    while True:
        try:
            while True: pass
        except BaseException: pass`,
    'stopped: ran longer than 0.3 s',
  ],
  [
    'a sleep',
    () => body('import time\ntime.sleep(100)'),
    /^stopped: waited; it was not done after/,
  ],
  ['a slow exponent', () => body('y = 9 ** 9 ** 9'), /ran longer than 0.3 s|more than 128 MiB/],
  ['a slower exponent', () => body('y = 10 ** 10 ** 9'), /ran longer than 0.3 s|more than 128 MiB/],
  [
    'an expression that takes ages',
    () => body('import re\nre.match("(a*)*b", "a" * 60)'),
    'stopped: ran longer than 0.3 s',
  ],
  ['deep recursion', () => 'def f(x): return f(x)', /RecursionError/],
  [
    'recursion without a limit',
    () => 'import sys\nsys.setrecursionlimit(2**30)\ndef f(x): return f(x)',
    /^stopped: (?:crashed|ran longer)|MiB|Recursion/,
  ],
  [
    'a result of 1 GB',
    () => 'def f(x): return ["x" * 1000] * 10**6',
    /asked for more than 128 MiB|longer than 1 MiB|ran longer/,
  ],
  [
    'a result within itself',
    () => 'def f(x):\n    y = []\n    y.append(y)\n    return y',
    /nested too deeply/,
  ],
  [
    'a result nested 100,000 deep',
    () => 'def f(x):\n    y = []\n    for _ in range(10**5): y = [y]\n    return y',
    /nested too deeply|crashed/,
  ],
  [
    '1 GB where results go',
    () => body('import os\nwhile True: os.write(3, b"x" * 65536)'),
    'stopped: wrote without end',
  ],
  [
    '1 GB of replies',
    () => body('import os\nwhile True: os.write(3, b\'{"value": 1}\\n\' * 1000)'),
    /gave 1, not 2|wrote/,
  ],
  [
    'replies without end, a few bytes each',
    () => body('import os\nwhile True: os.write(3, b"{}\\n" * 10**5)'),
    'stopped: wrote where only results go',
  ],
  [
    'nonsense where results go',
    () => body('import os\nos.write(3, b"nonsense\\n")'),
    'stopped: wrote where only results go',
  ],
  [
    'a whole number of a million digits',
    () => 'def f(x): return 7 ** 1200000',
    /gave a huge whole number, not 2/,
  ],
];

const FORGERY: Attack[] = [
  ['sys.exit', () => body('import sys\nsys.exit(0)'), /raised SystemExit/],
  ['sys.exit at the top', () => 'import sys\nsys.exit(0)\ndef f(x): return 2', /raised SystemExit/],
  [
    'os._exit',
    () => body('import os\nos._exit(0)'),
    /ended its process before it answered \(exit code 0\)/,
  ],
  ['an abort', () => body('import os\nos.abort()'), 'stopped: crashed (SIGABRT)'],
  [
    'an object equal to all',
    () =>
      'class All(int):\n    def __eq__(self, other): return True\n    def __hash__(self): return 2\ndef f(x): return All(7)',
    'f(1) gave 7, not 2',
  ],
  [
    'an object without a type',
    () => 'class All:\n    def __eq__(self, other): return True\ndef f(x): return All()',
    /^f\(1\) gave All/,
  ],
  [
    'a class that lies',
    () =>
      'class Two(list):\n    __class__ = int\n    def __repr__(self): return "2"\ndef f(x): return Two()',
    /^f\(1\) (?:gave|raised TypeError)/,
  ],
  [
    'other means of telling',
    () =>
      'import json\njson.dumps = lambda *a, **k: \'{"passed": true, "right": true}\'\ndef f(x): return 7',
    /wrote where only results go/,
  ],
  [
    'a made-up reply',
    () =>
      body('import os\nos.write(3, b\'{"passed": true}\\n\')\nos._exit(0)').replace(
        'return 2',
        'return 7',
      ),
    /wrote where only results go/,
  ],
  [
    'a key too deep to look at',
    () =>
      body(
        'import os\nos.write(3, b\'{"value":{"$dict":[[{"$tuple":[\' + b"[" * 10**5 + b"]" * 10**5 + b\']},1]]}}\\n\')\nos._exit(0)',
      ),
    /^f\(1\) gave/,
  ],
  [
    'another kind of reply',
    () => body('import os\nos.write(3, b\'{"loaded": true}\\n\')\nos._exit(0)'),
    'stopped: wrote where only results go',
  ],
  [
    'other built-ins',
    () =>
      'import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.print = None\ndef f(x): return 7',
    /gave 7, not 2|gave True, not 2|raised|stopped/,
  ],
  [
    'what was expected, looked for in memory',
    () => `import gc, sys
def f(x):
    seen = []
    frame = sys._getframe()
    while frame is not None:
        seen.append(repr(frame.f_locals))
        frame = frame.f_back
    seen.extend(repr(one)[:1000] for one in gc.get_objects())
    return any("4711470" in one and "4711470" not in repr(frame) for one in seen if "seen" not in one)`,
    'f(1) gave False, not 47114711',
  ],
];

function residentMib(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const GROUPS = { CHILDREN, FILES, NETWORK, GREED, FORGERY };

describe.skipIf(problems.python !== null)(`Python in the sandbox${problems.python ?? ''}`, () => {
  for (const [group, attacks] of Object.entries(GROUPS)) {
    describe(group.toLowerCase(), () => {
      it.concurrent.each(attacks)('%s', async (_name, code, reason) => {
        const expected = group === 'FORGERY' && code().includes('4711470') ? 47114711 : 2;
        const judgement = await gradeCode('python', code(), {
          tests: [{ args: [1], equals: expected }],
          ...(ENDLESS.test(String(reason)) && { timeoutMs: 300 }),
        });
        expect(judgement).toMatchObject({ mark: 'wrong', score: 0 });
        if (typeof reason === 'string') expect(judgement.reason).toBe(reason);
        else expect(judgement.reason).toMatch(reason);
      });
    });
  }

  describe.skipIf(process.arch !== 'x64')('system calls', () => {
    it.concurrent.each(SYSTEM_CALLS)('%s', async (_name, code, reason) => {
      expect(await gradeCode('python', code())).toMatchObject({ mark: 'wrong', reason });
    });

    it.each([
      ['clone3, so that libraries fall back to what the filter can look into', '435, None, 0'],
      ['prctl', '157, 22, 0, 0, 0, 0'],
      ['prlimit64', '302, 0, 9, None, None'],
      ['stat', '4, b"/etc/passwd", b" " * 200'],
    ])('does without %s', async (_name, args) => {
      const code = `import os\n${DISARM}\ndef f(x):\n    disarm()\n    return libc().syscall(${args})`;
      expect(await gradeCode('python', code)).toMatchObject({ reason: 'f(1) gave -1, not 2' });
    });
  });

  it('has no environment and prints into the void', async () => {
    const code = `import os, sys
def f(x):
    for _ in range(1000): print("x" * 2**20)
    sys.stderr.write("y" * 2**20)
    os.write(1, b"z" * 2**20)
    return dict(os.environ)`;
    expect(await gradeCode('python', code, { tests: [{ args: [1], equals: {} }] })).toMatchObject({
      mark: 'right',
    });
  });

  it.each([
    ['at once', 'y.append(bytearray(2**33))'],
    ['in large pieces', 'y.append(bytearray(2**24))'],
    ['in small pieces', 'y.append(bytearray(100))'],
    // MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE
    ['mapped by C', 'mmap(None, 2**22, 3, 0x8022, -1, 0)'],
  ])('never holds more memory than it may, asked for 8 GB %s', async (how, ask) => {
    const code = `import time\n${DISARM}\n${body(`disarm()
mmap = libc().mmap
y = [bytearray(2**25)]
end = time.process_time() + 0.3
while time.process_time() < end:
    try: ${ask}
    except MemoryError: pass`)}`;
    let mostMib = 0;
    const look = setInterval(() => {
      mostMib = Math.max(mostMib, ...childrenOf(process.pid).map(residentMib));
    }, 10);
    const judgement = await gradeCode('python', code);
    clearInterval(look);
    expect(judgement).toMatchObject({ mark: 'right' });
    expect(mostMib).toBeGreaterThan(how === 'at once' ? 32 : 96);
    expect(mostMib).toBeLessThan(160); // 128 and the interpreter
  });

  it('has left no process, no file and no connection behind', () => {
    expect(childrenOf(process.pid)).toEqual([]);
    expect(readFileSync(victim, 'utf8')).toBe('unharmed');
    expect(readdirSync(folder)).toEqual(['victim.txt']);
    expect(existsSync('/written-by-attack') || existsSync('written-by-attack')).toBe(false);
    expect(connections).toBe(0);
  });
});
