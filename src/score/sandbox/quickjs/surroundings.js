// @ts-nocheck It runs inside the interpreter; see ../javascript-child.ts for the order of these files.

/** What programs expect around them. @returns the timers, which are run from outside */
(parts) => {
  const { isArray } = Array;
  const { keys } = Object;
  const { trunc } = Math;
  const define = (name, value, owner = globalThis) =>
    Object.defineProperty(owner, name, { value, writable: true, configurable: true });

  const CONSOLE =
    'log info warn error debug table trace dir dirxml group groupCollapsed groupEnd time timeLog timeEnd assert count countReset clear';
  const silent = () => {};
  const console = {};
  for (const name of CONSOLE.split(' ')) {
    console[name] = silent;
  }
  define('console', console);
  define('global', globalThis);

  const timers = new Map();
  let lastTimer = 0;
  const setTimer = (callback, ms, args, every) => {
    const given = trunc(Number(ms));
    const wait = given >= 1 && given < 2 ** 31 ? given : 1; // as Node has it
    timers.set(++lastTimer, { callback, args, dueMs: Date.now() + wait, every: every && wait });
    return lastTimer;
  };
  const clearTimer = (id) => void timers.delete(id);
  define('setTimeout', (callback, ms, ...args) => setTimer(callback, ms, args, 0));
  define('setImmediate', (callback, ...args) => setTimer(callback, 0, args, 0));
  define('setInterval', (callback, ms, ...args) => setTimer(callback, ms, args, 1));
  define('clearTimeout', clearTimer);
  define('clearInterval', clearTimer);
  define('clearImmediate', clearTimer);

  const clone = (value, seen = new Map()) => {
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new Error('could not be cloned');
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    if (value instanceof Date) return new Date(value.getTime());
    if (value instanceof RegExp) return new RegExp(value.source, value.flags);
    const copy = isArray(value)
      ? []
      : value instanceof Map
        ? new Map()
        : value instanceof Set
          ? new Set()
          : {};
    seen.set(value, copy);
    if (value instanceof Map)
      for (const [key, item] of value) copy.set(clone(key, seen), clone(item, seen));
    else if (value instanceof Set) for (const item of value) copy.add(clone(item, seen));
    else for (const key of keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  };
  define('structuredClone', (value) => clone(value));

  parts.timers = timers;
};
