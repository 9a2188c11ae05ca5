// A run's folder with its files changed: the right figures, or one message with the place.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parseBaseline } from '../../../dist/baseline/parse.js';
import { runCli } from '../../../dist/commands/program.js';
import { TokentapeError } from '../../../dist/errors.js';
import { readPlan } from '../../../dist/store/plan-file.js';
import { listRuns, openRun, readGrades, readRecords, readTapes } from '../../../dist/store/read.js';
import { jsonMutated, mutated } from '../mutate.mjs';

const PACKED = ['tapes.ndjson.gz', 'plan.ndjson.gz'];

/** A copy of the run to be changed, in this thread's own folder. @param {import('../corpus.mjs').Seeds} seeds */
function copyOf(seeds) {
  const folder = path.join(mkdtempSync(path.join(seeds.folder, 'stored-')), 'run');
  cpSync(seeds.run, folder, { recursive: true });
  return folder;
}

/** @template T @param {AsyncIterable<T>} items @returns {Promise<T[]>} */
async function all(items) {
  const list = [];
  for await (const item of items) list.push(item);
  return list;
}

/**
 * What it gives, or the one error that a person can mend.
 * @template T
 * @param {() => Promise<T>} read
 * @param {string} file
 * @returns {Promise<T | null>}
 */
async function orRefused(read, file) {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TokentapeError)) throw error;
    assert.equal(error.exitCode, 2);
    assert.ok(error.message.includes(file), `no place in «${error.message}»`);
    return null;
  }
}

/** A file of lines of which one or more are other JSON, or any bytes. @param {string} file */
function changed(file) {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines = text.split('\n').filter(Boolean);
  const asJson = fc
    .tuple(
      fc.array(fc.tuple(fc.nat({ max: 1000 }), jsonMutated(lines, 2)), {
        minLength: 1,
        maxLength: 2,
      }),
      fc.boolean(),
    )
    .map(([some, added]) => {
      const copy = [...lines];
      for (const [at, line] of some) copy.splice(at % copy.length, added ? 0 : 1, line);
      return Buffer.from(`${copy.join('\n')}\n`);
    });
  const foreign = fc
    .tuple(
      fc.nat({ max: 1000 }),
      fc.constantFrom(
        'null',
        '1',
        '"x"',
        '[]',
        '{}',
        'true',
        '',
        ' ',
        '{"request_id":"__proto__"}',
        '\0\0\0',
      ),
    )
    .map(([at, line]) => {
      const copy = [...lines];
      copy.splice(at % (copy.length + 1), 0, line);
      return Buffer.from(`${copy.join('\n')}\n`);
    });
  const asBytes = mutated([Buffer.from(text)], 3);
  const plain = fc.oneof(asJson, foreign, asBytes);
  if (!file.endsWith('.gz')) return plain;
  return fc.oneof(
    { arbitrary: plain.map((one) => gzipSync(one)), weight: 3 },
    { arbitrary: mutated([bytes], 2), weight: 1 },
  );
}

/**
 * @param {string} name
 * @param {string} file
 * @param {(folder: string) => Promise<unknown[]>} read
 * @param {(one: any) => string} keyOf
 * @returns {import('./index.mjs').Check<Buffer>}
 */
function readerOf(name, file, read, keyOf) {
  return {
    name,
    about: `${file} changed anyhow: what is read was written so, or it is refused with its place`,
    prepare: async (seeds) => {
      const folder = copyOf(seeds);
      const known = new Set((await read(folder)).map(keyOf));
      assert.ok(known.size > 5);
      return {
        input: changed(path.join(folder, file)),
        run: async (bytes) => {
          writeFileSync(path.join(folder, file), bytes);
          const found = await orRefused(() => read(folder), file);
          if (found === null) return;
          const ids = found.map(keyOf);
          assert.equal(new Set(ids).size, ids.length, 'one request twice');
        },
      };
    },
    show: (bytes) =>
      JSON.stringify((file.endsWith('.gz') ? safelyUnpacked(bytes) : bytes).toString('latin1')),
  };
}

/** @param {Buffer} bytes */
function safelyUnpacked(bytes) {
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

const idOf = (/** @type {{ request_id: string }} */ { request_id }) => request_id;
const runAt = async (/** @type {string} */ folder) => ({
  path: folder,
  manifest: (await openRun(folder, folder)).manifest,
});

const records = readerOf(
  'records',
  'requests.ndjson',
  async (folder) => all(readRecords(await runAt(folder))),
  idOf,
);
const grades = readerOf(
  'grades',
  'grades.ndjson',
  async (folder) => all(readGrades(await runAt(folder))),
  idOf,
);
const plan = readerOf(
  'plan',
  'plan.ndjson.gz',
  async (folder) => [...(await readPlan(await runAt(folder))).values()],
  ({ requestId }) => requestId,
);

/** @type {import('./index.mjs').Check<Buffer>} */
const tapes = {
  name: 'tapes',
  about: 'tapes.ndjson.gz changed anyhow: what is read is whole, or it is refused with its place',
  prepare: async (seeds) => {
    const folder = copyOf(seeds);
    const file = path.join(folder, 'tapes.ndjson.gz');
    return {
      input: changed(file),
      run: async (bytes) => {
        writeFileSync(file, bytes);
        const found = await orRefused(
          async () => all(readTapes(await runAt(folder))),
          'tapes.ndjson.gz',
        );
        for (const tape of found ?? []) {
          assert.equal(
            tape.arrivalBytes.reduce((sum, one) => sum + one, 0),
            tape.body.length,
          );
          assert.ok(tape.arrivalsMs.every(Number.isFinite));
        }
      },
    };
  },
  show: (bytes) => JSON.stringify(safelyUnpacked(bytes).toString('latin1')),
};

/** @type {import('./index.mjs').Check<{ file: string, at: number }>} */
const cut = {
  name: 'cut',
  about: 'a journal cut at any byte gives the whole lines before it and not one more',
  prepare: async (seeds) => {
    const folder = copyOf(seeds);
    const run = await runAt(folder);
    const wholes = new Map(
      ['requests.ndjson', 'grades.ndjson'].map((file) => [
        file,
        readFileSync(path.join(folder, file)),
      ]),
    );
    return {
      input: fc.record({ file: fc.constantFrom(...wholes.keys()), at: fc.nat({ max: 1_000_000 }) }),
      run: async ({ file, at }) => {
        const bytes = wholes.get(file) ?? Buffer.alloc(0);
        const part = bytes.subarray(0, at % (bytes.length + 1));
        writeFileSync(path.join(folder, file), part);
        const found =
          file === 'grades.ndjson' ? await all(readGrades(run)) : await all(readRecords(run));
        const due = part
          .toString('utf8')
          .split('\n')
          .filter((line) => line.endsWith('}') && isJson(line));
        assert.deepEqual(
          found,
          due.map((line) => JSON.parse(line)),
        );
      },
    };
  },
};

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @type {import('./index.mjs').Check<string>} */
const manifest = {
  name: 'manifest',
  about: 'a manifest changed anyhow opens or is refused, and is listed or passed over',
  prepare: (seeds) => {
    const folder = copyOf(seeds);
    const file = path.join(folder, 'manifest.json');
    const text = readFileSync(file, 'utf8');
    return {
      input: fc.oneof(
        jsonMutated([text], 3),
        mutated([Buffer.from(text)], 3).map((bytes) => bytes.toString('latin1')),
      ),
      run: async (changedText) => {
        writeFileSync(file, changedText);
        const opened = await orRefused(() => openRun(folder, folder), 'manifest.json');
        const listed = await listRuns(path.dirname(folder));
        assert.equal(listed.length, opened === null ? 0 : 1);
      },
    };
  },
};

/** @type {import('./index.mjs').Check<string>} */
const baseline = {
  name: 'baseline',
  about:
    'a baseline file changed anyhow is one, or one sentence with its place says what it is not',
  prepare: (seeds) => {
    const text = readFileSync(seeds.baseline, 'utf8');
    return {
      input: fc.oneof(
        jsonMutated([text], 3),
        mutated([Buffer.from(text)], 4).map((bytes) => bytes.toString('utf8')),
      ),
      run: (changedText) => {
        const parsed = parseBaseline(changedText, 'b.json');
        assert.ok('baseline' in parsed !== 'problem' in parsed);
        if ('problem' in parsed) assert.match(parsed.problem, /^b\.json[: ]/);
      },
    };
  },
};

const COMMANDS = [
  ['export', 'RUN', '--to', 'json'],
  ['export', 'RUN', '--to', 'md'],
  ['export', 'RUN', '--to', 'csv'],
  ['export', 'RUN', '--to', 'table'],
  ['export', 'RUN', '--to', 'requests-csv'],
  ['export', 'RUN', '--to', 'junit'],
  ['show', 'RUN'],
  ['show', 'RUN', '--failed'],
  ['compare', 'RUN'],
  ['compare', 'RUN', 'OTHER'],
  ['check', 'RUN', '--threshold', 'ttft_ms:p(95)<800'],
  ['list'],
  ['pick', 'RUN', '--minimise', 'ttft_ms'],
  ['recompute', 'RUN', '--output', 'OUT'],
  ['recompute', 'RUN', '--output', 'OUT', '--grade'],
  ['recompute', 'RUN', '--definitions', 'all'],
  ['baseline', 'add', 'RUN', '--dir', 'OUT'],
];

/** @type {import('./index.mjs').Check<any>} */
const commands = {
  name: 'commands',
  about: 'no command on such a folder ends with 1, the code of a bug',
  batch: 20,
  prepare: (seeds) => {
    const folder = copyOf(seeds);
    const out = path.join(path.dirname(folder), 'out');
    const files = ['manifest.json', 'requests.ndjson', 'grades.ndjson', ...PACKED];
    const wholes = new Map(files.map((file) => [file, readFileSync(path.join(folder, file))]));
    const manifestText = wholes.get('manifest.json')?.toString('utf8') ?? '';
    const change = fc.oneof(
      ...files.map((file) =>
        (file === 'manifest.json'
          ? jsonMutated([manifestText], 2).map((text) => Buffer.from(text))
          : changed(path.join(folder, file))
        ).map((bytes) => ({ file, bytes })),
      ),
    );
    return {
      input: fc.record({ change, command: fc.constantFrom(...COMMANDS) }),
      run: async ({ change: { file, bytes }, command }) => {
        for (const [name, whole] of wholes)
          writeFileSync(path.join(folder, name), name === file ? bytes : whole);
        rmSync(out, { recursive: true, force: true });
        mkdirSync(out);
        const words = { RUN: folder, OTHER: seeds.run, OUT: path.join(out, 'x') };
        const argv = command.map(
          (/** @type {string} */ word) => words[/** @type {keyof typeof words} */ (word)] ?? word,
        );
        if (command[0] === 'list') argv.push('-o', path.dirname(folder));
        const said = await codeOf(argv);
        assert.notEqual(said.code, 1, said.stderr.slice(0, 1500));
      },
    };
  },
  show: ({ change, command }) =>
    `${command.join(' ')} with ${change.file} ${JSON.stringify(safelyUnpacked(change.bytes).toString('latin1'))}`,
};

/** Runs a command in this thread: what it says on stderr is kept, its data go nowhere. @param {string[]} argv */
async function codeOf(argv) {
  let stderr = '';
  const [data, said] = [process.stdout.write, process.stderr.write];
  process.stdout.write = () => true;
  process.stderr.write = /** @type {any} */ (
    (/** @type {string} */ text) => {
      stderr += text;
      return true;
    }
  );
  try {
    return { code: await runCli(argv), stderr };
  } catch (error) {
    return { code: 1, stderr: String(error instanceof Error ? error.stack : error) };
  } finally {
    [process.stdout.write, process.stderr.write] = [data, said];
  }
}

/** @type {import('./index.mjs').Target} */
export const stored = {
  name: 'stored',
  checks: [records, grades, plan, tapes, cut, manifest, baseline, commands],
};
