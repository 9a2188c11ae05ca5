// @ts-nocheck It runs inside the interpreter; see ../javascript-child.ts for the order of these files.

/** A request as JSON in, a reply as JSON out; '' where the reply is still to come: then `poll` asks for it. */
(parts) => {
  const { parse, stringify } = JSON;
  const { hasOwn, keys } = Object;
  const { asked, decode, encode, module, timers } = parts;

  let candidate;
  let pending = '';
  const raised = (error) => {
    if (asked() !== undefined) return { stopped: asked() };
    const isError = error instanceof Error;
    const text = isError ? `${error.name}: ${error.message}` : String(error);
    if (isError && error.name === 'InternalError' && error.message === 'out of memory')
      return { memory: true };
    return { raised: text.slice(0, 500), line: null };
  };
  const replied = (make) => {
    try {
      const reply = make();
      return stringify(asked() === undefined ? reply : { stopped: asked() });
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
  const evaluate = eval; // by another name it runs in the outermost scope

  /** What the code's last line gives: the function or class of that name, or what it exports. */
  const define = (code, path) => {
    const [owner, method] = path.split('.');
    const named = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(owner);
    const found = named ? `typeof ${owner} === 'undefined' ? undefined : ${owner}` : '';
    let value;
    let error;
    try {
      // The function is hoisted: it finds what was defined before something was thrown.
      value = evaluate(`${code}\n;function ${FIND}() { return ${found}; }\n${found}`);
    } catch (thrown) {
      error = thrown;
      value = defined(thrown);
      if (value === undefined) throw thrown;
    }
    const exported = module.exports;
    if (value === undefined && exported !== null && exported !== undefined) {
      value = exported[owner] ?? exported.default;
      if (value === undefined && typeof exported === 'function') value = exported;
    }
    if (method === undefined) return { value, error };
    const made = new value();
    return { value: (...args) => made[method](...args), error };
  };
  const FIND = '$findDefined';
  /** Code that throws when it has defined the function, as by a test of its own, has defined it all the same. */
  const defined = (thrown) => {
    if (/^Cannot find module|out of memory/.test(thrown?.message)) return undefined;
    try {
      return globalThis[FIND]?.();
    } catch {
      return undefined;
    }
  };

  const handlers = {
    load: ({ code, function: name }) => {
      const { value, error } = define(code, name);
      candidate = value;
      pending = replied(() => {
        if (typeof candidate !== 'function') return { missing: name };
        return error === undefined ? { loaded: true } : { ...raised(error), loaded: true };
      });
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

  parts.answer = (text) => {
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
};
