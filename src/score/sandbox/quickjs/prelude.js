// @ts-nocheck It runs inside the interpreter, before anything else does. The value of this script is
// the one function that is called from outside: a request as JSON in, a reply as JSON out ('' where
// the reply is still to come, then `poll` asks for it).
(() => {
  const { parse, stringify } = JSON;
  const { isArray } = Array;
  const { hasOwn, keys, defineProperty, fromEntries } = Object;
  const { isFinite } = Number;
  const askIntl = globalThis.intl;
  delete globalThis.intl;
  const define = (name, value, owner = globalThis) =>
    defineProperty(owner, name, { value, writable: true, configurable: true });

  // --- What programs expect of their surroundings -------------------------------------------------
  const silent = () => {};
  const console = {};
  for (const name of 'log info warn error debug table trace dir group groupEnd time timeEnd assert'.split(
    ' ',
  )) {
    console[name] = silent;
  }
  define('console', console);
  define('global', globalThis);

  const timers = new Map();
  let lastTimer = 0;
  const setTimer = (callback, ms, args, every) => {
    const wait = Math.max(1, Math.trunc(Number(ms)) || 0);
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

  // --- Locales, which the interpreter lacks -------------------------------------------------------
  const ask = (kind, locales, options, ...values) => {
    const locale = isArray(locales) ? locales[0] : locales;
    const told = parse(askIntl(stringify([kind, locale ?? null, options ?? null, ...values])));
    if (hasOwn(told, 'error')) throw new RangeError(told.error);
    return told.answer;
  };
  const numberText = (value) => (typeof value === 'bigint' ? `${value}n` : String(Number(value)));
  const formats = {
    NumberFormat: ['number', numberText],
    DateTimeFormat: ['date', (date) => Number(date ?? Date.now())],
    ListFormat: ['list', (items) => [...items]],
  };
  const Intl = {};
  for (const [name, [kind, plain]] of Object.entries(formats)) {
    define(
      name,
      function (locales, options) {
        const made = new.target ? this : {};
        made.format = (value) => ask(kind, locales, options, plain(value));
        return made;
      },
      Intl,
    );
  }
  define(
    'Collator',
    function (locales, options) {
      const made = new.target ? this : {};
      made.compare = (a, b) => ask('compare', locales, options, String(a), String(b));
      return made;
    },
    Intl,
  );
  define(
    'PluralRules',
    function (locales, options) {
      this.select = (value) => ask('plural', locales, options, Number(value));
    },
    Intl,
  );
  define('Intl', Intl);
  define(
    'localeCompare',
    function (other, locales, options) {
      return ask('compare', locales, options, String(this), String(other));
    },
    String.prototype,
  );
  for (const prototype of [Number.prototype, BigInt.prototype]) {
    define(
      'toLocaleString',
      function (locales, options) {
        return ask('number', locales, options, numberText(this.valueOf()));
      },
      prototype,
    );
  }
  const dateParts = {
    toLocaleDateString: { year: 'numeric', month: 'numeric', day: 'numeric' },
    toLocaleTimeString: { hour: 'numeric', minute: 'numeric', second: 'numeric' },
  };
  dateParts.toLocaleString = { ...dateParts.toLocaleDateString, ...dateParts.toLocaleTimeString };
  for (const [name, parts] of Object.entries(dateParts)) {
    define(
      name,
      function (locales, options) {
        const chosen =
          options && keys(options).some((key) => key !== 'timeZone' && key !== 'hour12');
        return ask('date', locales, { ...(chosen ? {} : parts), ...options }, this.getTime());
      },
      Date.prototype,
    );
  }

  // --- Modules ------------------------------------------------------------------------------------
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

  // --- Values as ../wire.ts has them --------------------------------------------------------------
  const encode = (value) => {
    if (value === undefined) return { $undefined: true };
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') return isFinite(value) ? value : { $float: `${value}` };
    if (typeof value === 'bigint') return { $int: `${value}` };
    if (isArray(value)) return Array.from(value, encode);
    if (value instanceof Number || value instanceof String || value instanceof Boolean)
      return encode(value.valueOf());
    if (value instanceof Set) return { $set: [...value].map(encode) };
    if (value instanceof Map)
      return { $dict: [...value].map(([key, item]) => [encode(key), encode(item)]) };
    if (
      typeof value === 'object' &&
      !(value instanceof Date) &&
      !(value instanceof RegExp) &&
      !(value instanceof Error) &&
      !(value instanceof Promise)
    ) {
      const entries = keys(value)
        .filter((key) => value[key] !== undefined)
        .map((key) => [key, encode(value[key])]);
      if (entries.some(([key]) => key[0] === '$' || key === '__proto__')) return { $dict: entries };
      return fromEntries(entries);
    }
    return { $repr: `${value}`.slice(0, 200) };
  };
  const TAGS = {
    $int: (text) => BigInt(text),
    $float: (text) => Number(text.replace(/inf(inity)?/i, 'Infinity').replace(/^nan$/i, 'NaN')),
    $tuple: (items) => items.map(decode),
    $set: (items) => new Set(items.map(decode)),
    $dict: (pairs) => new Map(pairs.map(([key, item]) => [decode(key), decode(item)])),
    $undefined: () => undefined,
  };
  const decode = (value) => {
    if (isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value;
    const names = keys(value);
    if (names.length === 1 && hasOwn(TAGS, names[0])) return TAGS[names[0]](value[names[0]]);
    return fromEntries(names.map((name) => [name, decode(value[name])]));
  };

  // --- Requests -----------------------------------------------------------------------------------
  let candidate;
  let pending = '';
  const raised = (error) => {
    if (asked !== undefined) return { stopped: asked };
    const isError = error instanceof Error;
    const text = isError ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
    if (isError && error.name === 'InternalError' && error.message === 'out of memory')
      return { memory: true };
    return { raised: text.slice(0, 500), line: null };
  };
  const replied = (make) => {
    try {
      const reply = make();
      return stringify(asked === undefined ? reply : { stopped: asked });
    } catch (error) {
      try {
        return stringify(raised(error));
      } catch {
        return '{"raised":"an exception that cannot be shown"}';
      }
    }
  };
  /** A promise is waited for. */
  const settle = (make, told) => {
    const keep = (value) => {
      pending = replied(() => told(value));
    };
    const fail = (error) => {
      pending = replied(() => raised(error));
    };
    try {
      const value = make();
      if (value === null || typeof value !== 'object' || typeof value.then !== 'function')
        return keep(value);
      value.then(keep, fail);
    } catch (error) {
      fail(error);
    }
  };
  // biome-ignore lint/security/noGlobalEval: it is what this place is for
  const evaluate = (code) => (0, eval)(code);

  const found = (path) => {
    const [owner, method] = path.split('.');
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(owner)) return undefined;
    let value = evaluate(`typeof ${owner} === 'undefined' ? undefined : ${owner}`);
    const exported = module.exports;
    if (value === undefined && exported !== null && exported !== undefined) {
      value = exported[owner] ?? exported.default;
      if (value === undefined && typeof exported === 'function') value = exported;
    }
    if (method === undefined) return value;
    const made = new value();
    return (...args) => made[method](...args);
  };

  const handlers = {
    load: ({ code, function: name }) => {
      settle(
        () => evaluate(`${code}\n;undefined`),
        () => {
          candidate = found(name);
          return typeof candidate === 'function' ? { loaded: true } : { missing: name };
        },
      );
    },
    call: ({ args, after }) => {
      const values = args.map(decode);
      settle(
        () => candidate(...values),
        (value) =>
          after ? { value: encode(value), after: encode(values) } : { value: encode(value) },
      );
    },
    judge: ({ expression, output, context }) => {
      const judge = compiled(expression);
      settle(
        () => {
          const value = judge(output, context);
          return typeof value === 'function' ? value(output, context) : value;
        },
        (value) => ({ value: encode(value) }),
      );
    },
  };
  /** An expression, or the body of a function that returns. */
  const compiled = (expression) => {
    try {
      return new Function('output', 'context', `return (\n${expression}\n);`);
    } catch {
      return new Function('output', 'context', expression);
    }
  };

  const dueTimer = () => {
    let first;
    for (const [id, timer] of timers)
      if (first === undefined || timer.dueMs < first[1].dueMs) first = [id, timer];
    return first;
  };
  const poll = () => {
    if (pending !== '') return taken();
    const due = dueTimer();
    if (due === undefined)
      return stringify({ raised: 'a promise that nothing will settle', line: null });
    const [id, timer] = due;
    const waitMs = timer.dueMs - Date.now();
    if (waitMs > 0) return `wait ${Math.ceil(waitMs)}`;
    if (timer.every) timer.dueMs = Date.now() + timer.every;
    else timers.delete(id);
    try {
      timer.callback(...timer.args);
    } catch (error) {
      return replied(() => raised(error));
    }
    return 'wait 0';
  };
  const taken = () => {
    const reply = pending;
    pending = '';
    return reply;
  };

  return (text) => {
    const request = parse(text);
    if (request.poll) return poll();
    for (const name of keys(handlers)) {
      if (hasOwn(request, name)) {
        try {
          handlers[name](request[name]);
        } catch (error) {
          pending = replied(() => raised(error));
        }
      }
    }
    return taken();
  };
})();
