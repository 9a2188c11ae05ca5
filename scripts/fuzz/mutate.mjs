// Nearly valid inputs: a valid one, and a few changes that files and streams suffer. All are plain data,
// so that a counter-example shrinks to the fewest changes that still show the fault.
import fc from 'fast-check';

/** Numbers at which readers break. */
const NUMBERS = [
  '0',
  '-1',
  '1e999',
  '-0',
  '9007199254740993',
  '1e-400',
  '0x10',
  '1_000',
  '00',
  '.5',
  '4294967296',
  '1'.repeat(400),
  'NaN',
];
/** Bytes that mean something to one reader or another, or that no text may hold. */
const MORSELS = [
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\ufeff',
  ':',
  ': ',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  '- ',
  '&a ',
  '*a',
  '<<: ',
  '!!js ',
  '|',
  '>',
  '$',
  '%',
  '\t',
  '\u2028',
  '\u0085',
  '__proto__',
  'constructor',
  'null',
  'true',
  '\ud800',
]
  .map((text) => Buffer.from(text))
  .concat(
    [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf0, 0x9f]].map((bytes) =>
      Buffer.from(bytes),
    ),
  );

/** A place in something whose length is not known yet. */
const place = fc.nat({ max: 0xffffff });

const change = fc.oneof(
  {
    arbitrary: fc.record({ do: fc.constant('flip'), at: place, bit: fc.nat({ max: 7 }) }),
    weight: 2,
  },
  { arbitrary: fc.record({ do: fc.constant('cut'), at: place }), weight: 1 },
  {
    arbitrary: fc.record({
      do: fc.constant('insert'),
      at: place,
      morsel: fc.nat({ max: MORSELS.length - 1 }),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('remove'),
      at: place,
      bytes: fc.integer({ min: 1, max: 40 }),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ do: fc.constant('splice'), at: place, other: place, from: place }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('number'),
      at: place,
      number: fc.constantFrom(...NUMBERS),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      do: fc.constantFrom('dropLine', 'doubleLine', 'swapLines', 'indent'),
      at: place,
      other: place,
    }),
    weight: 4,
  },
);
/** @typedef {{ do: string, at: number, bit?: number, morsel?: number, bytes?: number, other?: number, from?: number, number?: string }} Change */

/**
 * One of the seeds with up to `most` changes; now and then bytes of no seed.
 * @param {readonly Buffer[]} seeds
 * @param {number} [most]
 * @returns {fc.Arbitrary<Buffer>}
 */
export function mutated(seeds, most = 6) {
  const grown = fc
    .tuple(fc.nat({ max: seeds.length - 1 }), fc.array(change, { maxLength: most }))
    .map(([seed, changes]) =>
      changes.reduce((bytes, one) => apply(bytes, one, seeds), seeds[seed] ?? Buffer.alloc(0)),
    );
  const wild = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof({ arbitrary: grown, weight: 9 }, { arbitrary: wild, weight: 1 });
}

/**
 * @param {Buffer} bytes
 * @param {Change} change
 * @param {readonly Buffer[]} seeds
 * @returns {Buffer}
 */
function apply(bytes, change, seeds) {
  const at = bytes.length === 0 ? 0 : change.at % bytes.length;
  switch (change.do) {
    case 'flip': {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << (change.bit ?? 0));
      return copy;
    }
    case 'cut':
      return bytes.subarray(0, at);
    case 'insert':
      return Buffer.concat([
        bytes.subarray(0, at),
        MORSELS[change.morsel ?? 0] ?? Buffer.alloc(0),
        bytes.subarray(at),
      ]);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + (change.bytes ?? 1))]);
    case 'splice': {
      const other = seeds[(change.other ?? 0) % seeds.length] ?? Buffer.alloc(0);
      const from = other.length === 0 ? 0 : (change.from ?? 0) % other.length;
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from)]);
    }
    case 'number':
      return numberPut(bytes, at, change.number ?? '0');
    default:
      return linesChanged(bytes, change);
  }
}

/**
 * The next number from `at` on becomes another one.
 * @param {Buffer} bytes
 * @param {number} at
 * @param {string} number
 */
function numberPut(bytes, at, number) {
  const text = bytes.toString('latin1');
  const found = /\d+(?:\.\d+)?/.exec(text.slice(at, at + 2000));
  if (found === null) return bytes;
  const start = at + found.index;
  return Buffer.concat([
    bytes.subarray(0, start),
    Buffer.from(number),
    bytes.subarray(start + found[0].length),
  ]);
}

/**
 * @param {Buffer} bytes
 * @param {Change} change
 */
function linesChanged(bytes, change) {
  const lines = bytes.toString('latin1').split('\n');
  const at = change.at % lines.length;
  const other = (change.other ?? 0) % lines.length;
  const line = lines[at] ?? '';
  if (change.do === 'dropLine') lines.splice(at, 1);
  else if (change.do === 'doubleLine') lines.splice(other, 0, line);
  else if (change.do === 'indent')
    lines[at] = other % 2 === 0 ? `  ${line}` : line.replace(/^ {1,2}/, '');
  else [lines[at], lines[other]] = [lines[other] ?? '', line];
  return Buffer.from(lines.join('\n'), 'latin1');
}

/**
 * Bytes in parts, empty ones and single bytes among them.
 * @param {fc.Arbitrary<Buffer>} bytes
 * @returns {fc.Arbitrary<{ bytes: Buffer, parts: Buffer[] }>}
 */
export function inParts(bytes) {
  const sizes = fc.array(fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 40 }), fc.nat({ max: 5000 })), {
    maxLength: 30,
  });
  return fc.tuple(bytes, sizes, fc.boolean()).map(([whole, lengths, singly]) => {
    const parts = [];
    let at = 0;
    for (const length of lengths) {
      parts.push(whole.subarray(at, at + length));
      at += length;
    }
    for (; singly && at < Math.min(whole.length, 3000); at++)
      parts.push(whole.subarray(at, at + 1));
    if (at < whole.length) parts.push(whole.subarray(at));
    return { bytes: whole, parts };
  });
}

/** JSON values that a reader has to look at twice. */
/** @type {unknown[]} */
const ODD_VALUES = [
  null,
  true,
  false,
  0,
  -1,
  -0,
  1.5,
  1e308,
  2 ** 53,
  '',
  'x',
  '__proto__',
  'constructor',
  '\u0000\u001b[31m',
  '\ud800',
  '=1+1',
  '../x',
  [],
  {},
  [null],
  [[]],
  [1],
  { a: 1 },
  { toString: 1 },
  { length: -1 },
];

const jsonChange = fc.record({
  do: fc.constantFrom('value', 'value', 'value', 'drop', 'rename', 'copy'),
  at: place,
  other: place,
  value: fc.oneof(fc.constantFrom(...ODD_VALUES), fc.jsonValue({ maxDepth: 2 })),
});

/**
 * JSON texts with up to `most` of their values changed, dropped, renamed or copied elsewhere.
 * @param {readonly string[]} texts
 * @param {number} [most]
 * @returns {fc.Arbitrary<string>}
 */
export function jsonMutated(texts, most = 3) {
  return fc
    .tuple(
      fc.nat({ max: texts.length - 1 }),
      fc.array(jsonChange, { minLength: 1, maxLength: most }),
    )
    .map(([seed, changes]) => {
      let value = JSON.parse(texts[seed] ?? 'null');
      for (const one of changes) value = jsonChanged(value, one);
      return JSON.stringify(value);
    });
}

/**
 * @param {any} root
 * @param {{ do: string, at: number, other: number, value: unknown }} change
 * @returns {any}
 */
function jsonChanged(root, change) {
  /** @type {[parent: any, key: string][]} */
  const nodes = [];
  const walk = (/** @type {any} */ value) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      nodes.push([value, key]);
      walk(value[key]);
    }
  };
  walk(root);
  // Now and then the whole is something else.
  const index = change.at % (nodes.length + 1);
  const found = nodes[index];
  if (found === undefined) return change.do === 'value' ? change.value : root;
  const [parent, key] = found;
  const [otherParent, otherKey] = nodes[change.other % nodes.length] ?? found;
  if (change.do === 'value') put(parent, key, structuredClone(change.value));
  else if (change.do === 'copy') put(parent, key, structuredClone(otherParent[otherKey]));
  else if (change.do === 'rename' && !Array.isArray(parent)) {
    put(parent, otherKey, parent[key]);
    if (otherKey !== key) delete parent[key];
  } else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return root;
}

/**
 * @param {any} parent
 * @param {string} key
 * @param {unknown} value
 */
function put(parent, key, value) {
  Object.defineProperty(parent, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
