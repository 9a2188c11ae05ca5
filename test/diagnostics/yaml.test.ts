// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the syntax under test
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { formatProblems } from '../../src/diagnostics/format.ts';
import { readYaml } from '../../src/diagnostics/yaml.ts';

const modelSchema = z.strictObject({
  name: z.string().min(1),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.number().int().positive().optional(),
});
const schema = z.strictObject({
  models: z.array(modelSchema).optional(),
  order: z.enum(['parallel', 'interleaved', 'sequential']).optional(),
  suite: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  pick: z.union([z.literal('subscribed'), z.array(z.string())]).optional(),
  grader: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('exact'), value: z.string() }),
      z.strictObject({ type: z.literal('regex'), pattern: z.string() }),
    ])
    .optional(),
  prices: z.record(z.string(), z.number()).optional(),
  parameters: z.record(z.string(), z.json()).optional(),
  nonce: z.boolean().optional(),
});

const problemsOf = (text: string): string =>
  formatProblems(readYaml(text, 'b.yaml', schema).problems);

describe('what a schema finds, with its place', () => {
  test.each<[string, string, string]>([
    [
      'unknown key, near one',
      'models:\n  - name: a\n    temperture: 1\n',
      'b.yaml:3:5 models.0.temperture: unknown key, did you mean temperature?',
    ],
    [
      'unknown key, near none',
      'models:\n  - name: a\n    colour: 1\n',
      'b.yaml:3:5 models.0.colour: unknown key, known here: temperature, max_tokens',
    ],
    [
      'a dash for an underscore',
      'models: [{name: a, max-tokens: 1}]',
      'b.yaml:1:20 models.0.max-tokens: unknown key, did you mean max_tokens?',
    ],
    ['a key at the top', 'ordre: parallel', 'b.yaml:1:1 ordre: unknown key, did you mean order?'],
    [
      'missing key',
      'models:\n  - temperature: 1\n',
      'b.yaml:2:5 models.0.name: required, but missing',
    ],
    ['empty text', 'models:\n  - name: ""\n', 'b.yaml:2:11 models.0.name: must not be empty'],
    [
      'wrong type',
      'models:\n  - name: a\n    temperature: hot\n',
      'b.yaml:3:18 models.0.temperature: must be a number, not text',
    ],
    [
      'a value left out',
      'models:\n  - name: a\n    temperature:\n',
      'b.yaml:3:5 models.0.temperature: must be a number, not empty',
    ],
    [
      'a block where a number is wanted',
      'models:\n  - name: a\n    temperature:\n      - 1\n',
      'b.yaml:3:5 models.0.temperature: must be a number, not a list',
    ],
    [
      'above the range',
      'models: [{name: a, temperature: 2.5}]',
      'b.yaml:1:33 models.0.temperature: must be at most 2, not 2.5',
    ],
    [
      'not above zero',
      'models: [{name: a, max_tokens: 0}]',
      'b.yaml:1:32 models.0.max_tokens: must be over 0, not 0',
    ],
    [
      'no whole number',
      'models: [{name: a, max_tokens: 1.5}]',
      'b.yaml:1:32 models.0.max_tokens: must be a whole number, not 1.5',
    ],
    [
      'not a number',
      'models: [{name: a, temperature: .nan}]',
      'b.yaml:1:33 models.0.temperature: must be a number, not NaN',
    ],
    [
      'one of several words',
      'order: paralel',
      'b.yaml:1:8 order: must be parallel, interleaved or sequential, did you mean parallel?',
    ],
    ['1.2 booleans only', 'nonce: yes', 'b.yaml:1:8 nonce: must be true or false, not text'],
    ['union: none fits', 'suite: 3', 'b.yaml:1:8 suite: must be text or a list, not a number'],
    [
      'union: a member is wrong',
      'suite: [a, 2]',
      'b.yaml:1:12 suite.1: must be text, not a number',
    ],
    ['union: too short', 'suite: []', 'b.yaml:1:8 suite: must not be empty'],
    [
      'union of a word and a list',
      'pick: subscribd',
      'b.yaml:1:7 pick: must be subscribed or a list, not other text, did you mean subscribed?',
    ],
    [
      'kind unknown',
      'grader:\n  type: exat\n',
      'b.yaml:2:9 grader.type: must be exact or regex, did you mean exact?',
    ],
    [
      'kind missing',
      'grader: {value: x}',
      'b.yaml:1:9 grader.type: required, but missing: exact or regex',
    ],
    [
      'kind known, key of another',
      'grader: {type: exact, value: x, pattern: y}',
      'b.yaml:1:33 grader.pattern: unknown key, remove it',
    ],
    ['a record value', 'prices: {a: cheap}', 'b.yaml:1:13 prices.a: must be a number, not text'],
    ['an empty file', '# nothing\n', 'b.yaml:1:1 must be a mapping, not empty'],
    ['a list for a file', '- a\n', 'b.yaml:1:1 must be a mapping, not a list'],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toBe(expected);
  });

  test('several at once, in the order of the file', () => {
    const text = [
      'order: random',
      'models:',
      '  - name: a',
      '    temperture: 1',
      '  - max_tokens: -1',
      'nonce: 1',
    ].join('\n');
    expect(problemsOf(text)).toBe(
      [
        'b.yaml:1:8 order: must be parallel, interleaved or sequential',
        'b.yaml:4:5 models.0.temperture: unknown key, did you mean temperature?',
        'b.yaml:5:5 models.1.name: required, but missing',
        'b.yaml:5:17 models.1.max_tokens: must be over 0, not -1',
        'b.yaml:6:8 nonce: must be true or false, not a number',
        '5 problems',
      ].join('\n'),
    );
  });

  test('text that the person wrote is not repeated: it may be a key', () => {
    const text =
      'nonce: s3cret\norder: s3cret\nprices: s3cret\npick: s3cret\nsuite: 98765\nmodels: 98765\n';
    expect(problemsOf(text)).toMatch(/6 problems$/);
    expect(problemsOf(text)).not.toMatch(/s3cret|98765/);
  });
});

describe('what YAML itself must not hold', () => {
  test.each<[string, string, RegExp]>([
    ['duplicate key', 'nonce: true\nnonce: false\n', /^b\.yaml:2:1 nonce: duplicate key, keep one/],
    ['duplicate by spelling', 'prices: {1: 1, "1": 2}', /^b\.yaml:1:16 prices\.1: duplicate key/],
    ['custom tag', 'order: !js parallel', /^b\.yaml:1:12 order: the tag !js is not taken here/],
    ['tag of YAML 1.1', 'order: !!binary aGk=', /order: the tag !!binary is not taken here/],
    [
      '__proto__',
      'prices:\n  __proto__: 1\n',
      /^b\.yaml:2:3 prices\.__proto__: this key is never taken$/,
    ],
    [
      '__proto__ at the top',
      '__proto__: {nonce: true}',
      /^b\.yaml:1:1 __proto__: this key is never/,
    ],
    ['a list for a key', '? [a]\n: 1\n', /^b\.yaml:1:3 a key must be plain text$/],
    ['unknown anchor', 'order: *p', /^b\.yaml:1:8 order: there is no anchor &p before it$/],
    [
      'an alias of itself',
      'parameters: &p {a: *p}',
      /^b\.yaml:1:20 parameters\.a: there is no anchor &p/,
    ],
    ['merge under a tag', '!!str <<: 1', /<< takes \*anchors of mappings$/],
    ['merge of nothing', '? <<', /^b\.yaml:1:3 <<: << takes \*anchors of mappings$/],
    ['merge of a scalar', 'models:\n  - {<<: 3, name: a}\n', /<< takes \*anchors of mappings$/],
    ['YAML 1.1', '%YAML 1.1\n---\nnonce: true\n', /^b\.yaml:1:1 only YAML 1\.2 is read/],
    ['two documents', 'nonce: true\n---\nnonce: true\n', /^b\.yaml:2:1 a second document/],
    [
      'a variable in braces',
      'prices: {a: ${B}, c: ${D}}',
      /^b\.yaml:1:13 a variable inside braces needs quotes, write it as '\$\{NAME\}'$/,
    ],
    ['a bracket left open', 'suite: [a\norder: parallel\n', /^b\.yaml:2:1 Flow sequence in block/],
    [
      'text with a colon',
      'order: a: b\n',
      /^b\.yaml:1:8 Nested mappings .* put text that holds ': '/,
    ],
    ['text after a value', 'order: "a" b\n', /^b\.yaml:1:12 cannot be read from here on, check/],
    ['an open quote', 'order: "par\n', /^b\.yaml:\d+:\d+ Missing closing "quote/],
    ['tabs', 'models:\n\t- name: a\n', /^b\.yaml:2:1 /],
  ])('%s', (_, text, expected) => {
    const { value, problems } = readYaml(text, 'b.yaml', schema);
    expect(formatProblems(problems)).toMatch(expected);
    expect(value).toBeUndefined();
  });

  test('a duplicate key and a misspelt one are told together', () => {
    expect(problemsOf('nonce: true\nnonce: true\nordr: parallel')).toBe(
      [
        'b.yaml:2:1 nonce: duplicate key, keep one of the two',
        'b.yaml:3:1 ordr: unknown key, did you mean order?',
        '2 problems',
      ].join('\n'),
    );
  });

  test('polluted prototypes: none', () => {
    readYaml('parameters: {a: {__proto__: {polluted: true}}}', 'b.yaml', schema);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('limits hold in time', () => {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  const bomb = (use: (index: number) => string): string =>
    `a0: &a0 {x: 1}\n${lines(12, (i) => `a${i + 1}: &a${i + 1} ${use(i)}`)}`;
  const ten = (index: number): string => Array(10).fill(`*a${index}`).join(', ');

  test.each<[string, string, RegExp]>([
    ['alias bomb', bomb((i) => `[${ten(i)}]`), /aliases stand for over 100000 values/],
    ['merge bomb', bomb((i) => `{<<: [${ten(i)}]}`), /aliases stand for over 100000 values/],
    ['deep flow', `parameters: ${'['.repeat(50_000)}`, /nested over 100 levels deep/],
    ['deep compact blocks', '- '.repeat(50_000), /nested over 100 levels deep/],
    ['deep block', lines(150, (i) => `${' '.repeat(i)}a:`), /nested over 100 levels deep/],
    ['over 5 MB', `order: ${'x'.repeat(5_300_000)}`, /over 5 MB/],
  ])('%s', (_, text, expected) => {
    const start = performance.now();
    expect(problemsOf(text)).toMatch(expected);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('over 300,000 words and marks', () => {
    expect(problemsOf(`parameters: {a: [${'1,'.repeat(200_001)}]}`)).toMatch(/over 300000 words/);
  });

  test('a file is to be split where it is too large, not where it is too deep', () => {
    const remedyOf = (text: string) => readYaml(text, 'b.yaml', schema).problems[0]?.remedy;
    expect(remedyOf(`order: ${'x'.repeat(5_300_000)}`)).toMatch(/^split the file/);
    expect(remedyOf('- '.repeat(50_000))).toBeUndefined();
  });

  test('20,000 keys in one mapping are read, none compared with all the others', () => {
    const start = performance.now();
    const { problems } = readYaml(
      `prices:\n${lines(20_000, (i) => `  k${i}: 1`)}`,
      'b.yaml',
      schema,
    );
    expect(problems).toEqual([]);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test('nesting of 90 is read, and a shared anchor may be used often', () => {
    const deep = `parameters: {a: ${'['.repeat(90)}${']'.repeat(90)}}`;
    expect(readYaml(deep, 'b.yaml', schema).problems).toEqual([]);
    const shared = `parameters:\n  a: &a [1, 2]\n${lines(500, (i) => `  b${i}: *a`)}`;
    expect(readYaml(shared, 'b.yaml', schema).problems).toEqual([]);
  });
});

describe('whatever the text', () => {
  const piece = fc.constantFrom(
    ...[
      'models',
      'nonce',
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      '&x ',
      '*x',
      '<<',
    ],
    ...[
      '!t ',
      '"',
      "'",
      '|',
      '>',
      '# c',
      '---\n',
      '%YAML 1.2\n',
      '? ',
      '__proto__',
      '\t',
      '~',
      '1',
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  );

  test('a value or problems, never both, never neither, never an exception', () => {
    fc.assert(
      fc.property(text, (each) => {
        const { value, problems, locate } = readYaml(each, 'b.yaml', schema);
        expect(problems.length > 0).toBe(value === undefined);
        const lines = each.split('\n').length;
        for (const { line, column } of [...problems, locate(['models', 0, 'name'])]) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is read', () => {
  test('merge keys, anchors, CRLF, BOM, comments', () => {
    const text =
      '\uFEFFmodels: # twelve\r\n  - &one {name: a, temperature: 0.5}\r\n  - {<<: *one, name: b}\r\n';
    expect(readYaml(text, 'b.yaml', schema).value).toEqual({
      models: [
        { name: 'a', temperature: 0.5 },
        { name: 'b', temperature: 0.5 },
      ],
    });
  });

  test('a mistake that a merge brought has the place it was written at', () => {
    const text = 'models:\n  - &one\n    name: a\n    temperature: 9\n  - <<: *one\n    name: b\n';
    const places = readYaml(text, 'b.yaml', schema).problems.map((each) => [each.path, each.line]);
    expect(places).toEqual([
      ['models.0.temperature', 4],
      ['models.1.temperature', 4],
    ]);
  });

  test.each<[string, (string | number)[], [number, number]]>([
    ['a scalar', ['models', 0, 'name'], [2, 14]],
    ['a block: its key', ['models'], [1, 1]],
    ['an entry of a list', ['models', 1], [3, 5]],
    ['an alias: where it is used', ['parameters'], [4, 13]],
    ['what is not there: its parent', ['models', 1, 'temperature'], [3, 5]],
    ['nothing at all', ['order', 'x'], [1, 1]],
    ['the file', [], [1, 1]],
  ])('locate %s', (_, path, [line, column]) => {
    const text = 'models:\n  - name: &n a\n  - name: b\nparameters: *n\n';
    expect(readYaml(text, 'b.yaml', z.any()).locate(path)).toEqual({ line, column });
  });
});
