// @ts-nocheck It runs inside the interpreter; see ../javascript-child.ts for the order of these files.

/** Values as ../wire.ts has them. */
(parts) => {
  const { isArray, from } = Array;
  const { hasOwn, keys, fromEntries } = Object;
  const { isFinite } = Number;

  const encode = (value) => {
    if (value === undefined) return { $undefined: true };
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') return isFinite(value) ? value : { $float: `${value}` };
    if (typeof value === 'bigint') return { $int: `${value}` };
    if (isArray(value)) return from(value, encode);
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

  parts.encode = encode;
  parts.decode = decode;
};
