// @ts-nocheck It runs inside the interpreter; see ../javascript-child.ts for the order of these files.

/** Modules, and the names of what is not to be had here: what is asked for is remembered. */
(parts) => {
  const { hasOwn } = Object;
  const define = (name, value, owner = globalThis) =>
    Object.defineProperty(owner, name, { value, writable: true, configurable: true });

  const module = { exports: {} };
  define('module', module);
  define('exports', module.exports);
  const ASKS = {
    fs: 'a file',
    'fs/promises': 'a file',
    child_process: 'a child process',
    net: 'a socket',
    dgram: 'a socket',
    tls: 'the network',
    http: 'the network',
    https: 'the network',
    http2: 'the network',
    dns: 'the network',
    worker_threads: 'a thread',
    cluster: 'a child process',
    vm: 'native code',
    inspector: 'native code',
    wasi: 'native code',
  };
  let asked;
  const refuse = (what) => {
    asked ??= what;
    throw new Error(`not to be had here: ${what}`);
  };
  const require = (name) => {
    const bare = String(name).replace(/^node:/, '');
    if (hasOwn(ASKS, bare)) refuse(ASKS[bare]);
    throw new Error(`Cannot find module '${name}'`);
  };
  define('require', require);
  for (const name of ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource']) {
    define(name, () => {
      refuse('the network');
    });
  }

  define('process', {
    ...{
      env: {},
      argv: ['node'],
      platform: 'linux',
      version: 'v20.0.0',
      versions: { node: '20.0.0' },
    },
    nextTick: (callback, ...args) => queueMicrotask(() => callback(...args)),
    hrtime: Object.assign(() => [Math.trunc(Date.now() / 1000), 0], {
      bigint: () => BigInt(Date.now()) * 1000000n,
    }),
    stdout: { write: () => true },
    stderr: { write: () => true },
    on: () => {},
    exit: () => refuse('the end of its process'),
    kill: () => refuse('to signal a process'),
    cwd: () => refuse('the file system'),
    binding: () => refuse('native code'),
    dlopen: () => refuse('native code'),
  });
  parts.module = module;
  parts.asked = () => asked;
};
