// What people write: configs, suites, data, values on the command line.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parseChange } from '../../../dist/config/change.js';
import { parseDuration } from '../../../dist/config/duration.js';
import { loadConfig } from '../../../dist/config/load.js';
import { resolveTargets } from '../../../dist/config/resolve.js';
import { resolveSettings } from '../../../dist/config/settings.js';
import { TokentapeError } from '../../../dist/errors.js';
import { readNeed } from '../../../dist/frontier/needs.js';
import { parseThreshold } from '../../../dist/gate/thresholds.js';
import { recordsIn } from '../../../dist/suite/dataset.js';
import { PUBLIC_FORMATS } from '../../../dist/suite/formats/index.js';
import { loadSuite } from '../../../dist/suite/load.js';
import { mapRecord } from '../../../dist/suite/mapping.js';
import { jsonMutated, mutated } from '../mutate.mjs';

/** Bounds of the time that one file may take, in the best of three tries. */
const READ_MS_MAX = 1000;

/** @param {() => unknown} read */
function timed(read) {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && best > READ_MS_MAX; attempt++) {
    const beganMs = performance.now();
    read();
    best = Math.min(best, performance.now() - beganMs);
  }
  assert.ok(best <= READ_MS_MAX, `took ${Math.round(best)} ms`);
}

function assertUnpolluted() {
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
  assert.equal(Object.getPrototypeOf({}), Object.prototype);
}

/**
 * @param {readonly import('../../../dist/diagnostics/types.js').Problem[]} problems
 * @param {Buffer} bytes of the file that they are of
 * @param {string} file
 */
function assertPlaced(problems, bytes, file) {
  const lines = bytes.toString('utf8').split(/\r\n|\n|\r/).length;
  for (const problem of problems) {
    assert.ok(problem.message.length > 0);
    if (path.basename(problem.file) !== file || UNREADABLE.test(problem.message)) continue;
    assert.ok(
      problem.line >= 1 && problem.line <= lines,
      `${problem.line} of ${lines}: ${problem.message}`,
    );
    assert.ok(problem.column >= 1);
  }
}

/** What is no text at all has its place in the message. */
const UNREADABLE = /cannot be read.*(?:is not UTF-8|is UTF-16)/;

/** @param {Buffer} bytes */
function isText(bytes) {
  const [first, second] = bytes;
  const hasUtf16Mark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return !hasUtf16Mark && Buffer.from(bytes.toString('utf8')).equals(bytes);
}

const SECRET = 'sk-canary-0123456789abcdef';

/** @type {import('./index.mjs').Check<Buffer>} */
const config = {
  name: 'config',
  about: 'a value or problems with their places, within a second, no key of the file quoted',
  batch: 30,
  prepare: ({ configs, folder }) => {
    const cwd = mkdtempSync(path.join(folder, 'config-'));
    const file = path.join(cwd, 'bench.config.yaml');
    const seeded = [
      ...configs,
      Buffer.from(
        `targets:\n  one:\n    base_url: https://x.example.com\n    api_key: ${SECRET}\n    headers: { x-key: ${SECRET} }\n`,
      ),
    ];
    return {
      input: mutated(seeded),
      run: (bytes) => {
        writeFileSync(file, bytes);
        if (!isText(bytes)) {
          assert.throws(() => loadConfig({ cwd, env: {} }), UNREADABLE);
          return;
        }
        timed(() => {
          const loaded = loadConfig({ cwd, env: { KEY: 'k' } });
          const told = [...loaded.problems];
          if (loaded.problems.length === 0) {
            told.push(
              ...resolveTargets(loaded).problems,
              ...resolveSettings(loaded, {}, { cwd, drawSeed: () => 'x' }).problems,
            );
          } else assert.deepEqual(loaded.config, {});
          assertPlaced(told, bytes, 'bench.config.yaml');
          // Cut anywhere the key is no key any more; what is quoted whole is one.
          assert.ok(
            !JSON.stringify(told.map(({ message, remedy }) => [message, remedy])).includes(SECRET),
            'a key is quoted',
          );
        });
        assertUnpolluted();
      },
    };
  },
  show: (bytes) => JSON.stringify(bytes.toString('latin1')),
};

/** @type {import('./index.mjs').Check<Buffer>} */
const dotEnv = {
  name: 'dot-env',
  about: 'a .env of any bytes is read or refused',
  prepare: ({ folder }) => {
    const cwd = mkdtempSync(path.join(folder, 'env-'));
    return {
      input: mutated([
        Buffer.from(
          'MARKETPLACE_API_BASE=https://x.example.com\nMARKETPLACE_API_KEY="k"\n# c\nexport A=\'b\'\n',
        ),
      ]),
      run: (bytes) => {
        writeFileSync(path.join(cwd, '.env'), bytes);
        try {
          const loaded = loadConfig({ cwd, env: {} });
          resolveTargets(loaded);
        } catch (error) {
          if (!(error instanceof TokentapeError)) throw error;
        }
        assertUnpolluted();
      },
    };
  },
  show: (bytes) => JSON.stringify(bytes.toString('latin1')),
};

/** @type {import('./index.mjs').Check<Buffer>} */
const suite = {
  name: 'suite',
  about: 'a suite or problems with their places, never both, never neither, within a second',
  batch: 10,
  prepare: ({ suites, folder }) => {
    const cwd = mkdtempSync(path.join(folder, 'suite-'));
    const file = path.join(cwd, 'fuzzed.yaml');
    return {
      input: mutated(suites.filter(({ length }) => length < 30_000)),
      run: (bytes) => {
        writeFileSync(file, bytes);
        timed(() => {
          const { suite: drawn, problems } = loadSuite(file, [], 'seed');
          assert.equal(drawn === undefined, problems.length > 0, 'either a suite or problems');
          assertPlaced(problems, bytes, 'fuzzed.yaml');
          for (const { id, turns } of drawn?.cases ?? []) assert.ok(id !== '' && turns.length > 0);
        });
        assertUnpolluted();
      },
    };
  },
  show: (bytes) => JSON.stringify(bytes.toString('latin1')),
};

const RECORDS = [
  { question: 'How many?', answer: 'Two.\n#### 2' },
  { question: 'Which?', choices: ['a', 'b', 'c', 'd'], answer: 1, subject: 'x' },
  { question: 'Which?', A: '1', B: '2', C: '3', D: '4', answer: 'B' },
  {
    task_id: 'HumanEval/0',
    prompt: 'def f():\n',
    entry_point: 'f',
    canonical_solution: '    return 1\n',
    test: 'def check(candidate):\n    assert candidate() == 1\n',
  },
  { key: 1000, prompt: 'Write.', instruction_id_list: ['punctuation:no_comma'], kwargs: [{}] },
  {
    id: 'x',
    conversations: [
      { from: 'human', value: 'hi' },
      { from: 'gpt', value: 'ho' },
    ],
  },
  { prompt: 'x', answer: 'y', id: 'a', tags: ['t'] },
].map((record) => JSON.stringify(record));
const CSV = 'question,answer,id\n"a ""b""",1,x\n"two\nlines",2,y\n';

/** @type {import('./index.mjs').Check<{ layout: 'jsonl' | 'json' | 'csv', bytes: Buffer }>} */
const data = {
  name: 'data',
  about: 'records with their line, or a fault with its line, inside the file',
  prepare: () => ({
    input: fc.oneof(
      fc.record({
        layout: fc.constant(/** @type {const} */ ('jsonl')),
        bytes: mutated([Buffer.from(RECORDS.join('\n'))]),
      }),
      fc.record({
        layout: fc.constant(/** @type {const} */ ('json')),
        bytes: mutated([Buffer.from(`[${RECORDS.join(',\n')}]`)]),
      }),
      fc.record({
        layout: fc.constant(/** @type {const} */ ('csv')),
        bytes: mutated([Buffer.from(CSV)]),
      }),
    ),
    run: ({ layout, bytes }) => {
      const lines = bytes.toString('latin1').split(/\r\n|\n|\r/).length;
      for (const one of recordsIn(bytes, layout)) {
        assert.ok(one.line >= 1 && one.line <= lines, `line ${one.line} of ${lines}`);
        if ('message' in one) assert.ok(one.message.length > 0);
        else
          assert.ok(
            one.fields !== null && typeof one.fields === 'object' && !Array.isArray(one.fields),
          );
      }
      assertUnpolluted();
    },
  }),
};

/** @type {import('./index.mjs').Check<string>} */
const formats = {
  name: 'formats',
  about: 'a record of a public format is a case, left out, or has faults; none breaks the reader',
  batch: 500,
  prepare: () => ({
    input: jsonMutated(RECORDS, 3),
    run: (text) => {
      const fields = JSON.parse(text);
      if (fields === null || typeof fields !== 'object' || Array.isArray(fields)) return;
      for (const format of Object.values(PUBLIC_FORMATS)) {
        format.fits(fields);
        const read = format.read(fields, { stem: 'x', maxTurns: 4 });
        if (read === 'left out') continue;
        if (Array.isArray(read)) assert.ok(read.length > 0, 'neither a case nor a fault');
        else
          assert.ok(
            read.turns.length > 0 &&
              read.turns.every(({ text: said }) => typeof said === 'string' && said !== ''),
          );
      }
      const mapped = mapRecord(
        fields,
        /** @type {any} */ ({
          prompt: 'prompt',
          id: 'id',
          expect: { type: 'equals', value: 'answer' },
          tags: 'tags',
        }),
      );
      assert.ok(Array.isArray(mapped) ? mapped.length > 0 : mapped.turns.length > 0);
    },
  }),
};

const VALUES = [
  '500ms',
  '1h30m',
  '10s',
  '1.5s',
  '5%',
  '0.05',
  '.5%',
  'ttft_ms:p(95)<800',
  'error_rate{model:a,suite:b}<=1%',
  'ttft_ms:med<1.5s',
  'score>0.8',
  'cost_usd<1',
  'goodput_share>=99%',
  'constructor<1',
  '__proto__:p(1)<2',
].map((text) => Buffer.from(text));

/** @type {import('./index.mjs').Check<string>} */
const values = {
  name: 'values',
  about: 'durations, changes, thresholds and needs are finite values or refused, in linear time',
  batch: 1000,
  prepare: () => ({
    input: fc.oneof(
      { arbitrary: mutated(VALUES, 4).map((bytes) => bytes.toString('utf8')), weight: 5 },
      {
        arbitrary: fc
          .tuple(
            fc.constantFrom(...VALUES),
            fc.constantFrom(' ', '1', 'ms', '{', ',', 'a:', '9'),
            fc.nat({ max: 3000 }),
          )
          .map(([text, more, times]) => `${text}${more.repeat(times)}`),
        weight: 1,
      },
    ),
    run: (text) => {
      timed(() => {
        const duration = parseDuration(text);
        assert.ok(duration === undefined || (Number.isFinite(duration) && duration > 0));
        const change = parseChange(text);
        assert.ok(change === undefined || (change > 0 && change <= 100));
        for (const read of [parseThreshold(text), readNeed(text)]) {
          if ('problem' in read) assert.ok(read.problem.length > 0);
          else {
            const { limit } = 'threshold' in read ? read.threshold : read;
            assert.ok(Number.isFinite(limit));
          }
        }
      });
    },
  }),
};

/** @type {import('./index.mjs').Target} */
export const inputs = { name: 'inputs', checks: [config, dotEnv, suite, data, formats, values] };
