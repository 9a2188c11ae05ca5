import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The package as npm would ship it, installed in a folder that knows nothing of this one. */
const root = path.resolve(import.meta.dirname, '../..');
const project = mkdtempSync(path.join(tmpdir(), 'tokentape-package-'));

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

beforeAll(() => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
      cwd: root,
      encoding: 'utf8',
    }),
  ) as { filename: string }[];
  writeFileSync(path.join(project, 'package.json'), '{"name": "elsewhere", "type": "module"}');
  // As the careful install: nothing of it may need a script.
  run('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', `./${packed?.filename}`);
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the packed package', () => {
  test('starts as a command', () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(run('npx', 'tokentape', '--version').trim()).toBe(version);
  });

  test('runs nothing when it is installed, nor does anything that comes with it', () => {
    const lock = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8'));
    const installed = Object.entries<{ hasInstallScript?: boolean }>(lock.packages);
    expect(installed.length).toBeGreaterThan(30);
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  });

  test('runs its built-in suites on the simulator in a folder without a config', () => {
    const table = run(
      'npx',
      'tokentape',
      '--suite',
      'smoke',
      '--profile',
      'fast',
      '-m',
      'DeepSeek-R1',
    );
    expect(table).toContain('SIMULATED');
    expect(table).toMatch(/7\/7/);
    const folder = path.join(project, 'results', 'latest');
    expect(readdirSync(folder)).toContain('summary.csv');
  });

  test('is a typed library', () => {
    writeFileSync(
      path.join(project, 'use.ts'),
      `import { openRun, readRecords, readTapes, decodeTape, outcomeOf, recordOf, run as runSuites, summarise, ttftMs } from 'tokentape';
import type { RequestRecord, SummaryRow, Tape } from 'tokentape';
const run = await openRun('latest', 'results');
const records: RequestRecord[] = [];
for await (const record of readRecords(run)) records.push(record);
const rows: SummaryRow[] = summarise(records, run.manifest.planned, {});
let agreeing = 0;
for await (const tape of readTapes(run)) {
  const reply = decodeTape(tape satisfies Tape, 'openai');
  const record = records.find((one) => one.request_id === tape.requestId);
  if (ttftMs(reply) === record?.ttft_ms && outcomeOf(tape, reply).class === record?.outcome) agreeing++;
}
const fresh = await runSuites({ suite: ['smoke'], model: ['DeepSeek-R1'], requests: '2', profile: 'fast' });
console.log(rows.length, records.length, agreeing, typeof recordOf, fresh.rows[0]?.requests.planned);
`,
    );
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const typeRoots = path.join(root, 'node_modules/@types');
    run(process.execPath, tsc, ...options, '--typeRoots', typeRoots, '--outDir', '.', 'use.ts');
    expect(run(process.execPath, 'use.js').trim()).toBe('1 7 7 function 2');
  });

  test('carries nothing but what it needs', () => {
    const root = path.join(project, 'node_modules', 'tokentape');
    const shipped = readdirSync(root);
    // What runs inside the sandbox is compiled by nobody.
    const sandbox = path.join(root, 'src/score/sandbox');
    expect(readdirSync(path.join(root, 'src'))).toEqual(['score']);
    expect(readdirSync(sandbox).sort()).toEqual(['python', 'quickjs']);
    expect(shipped.sort()).toEqual(
      [
        '.env.example',
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'dist',
        'docs',
        'node_modules',
        'package.json',
        'src',
        'suites',
      ].filter((name) => shipped.includes(name) || name !== 'node_modules'),
    );
  });
});
