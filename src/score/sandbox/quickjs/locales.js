// @ts-nocheck It runs inside the interpreter; see ../javascript-child.ts for the order of these files.

/** Locales, which the interpreter lacks: asked of Node, through the one function that leads outside. */
(_parts) => {
  const { parse, stringify } = JSON;
  const { isArray } = Array;
  const { hasOwn, keys, entries } = Object;
  const define = (name, value, owner = globalThis) =>
    Object.defineProperty(owner, name, { value, writable: true, configurable: true });
  const askIntl = globalThis.intl;
  delete globalThis.intl;

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
  for (const [name, [kind, plain]] of entries(formats)) {
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
  for (const [name, parts] of entries(dateParts)) {
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
};
