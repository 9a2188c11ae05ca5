import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { aFolder, readOnlyRun } from '../commands/run-cli.ts';

const CLI = path.resolve(import.meta.dirname, '../../dist/cli.js');
const HARNESS = path.join(import.meta.dirname, 'terminal.py');
const hasPython = spawnSync('python3', ['--version']).status === 0;
const RUN = [
  'run',
  '-s',
  'reasoning',
  '-t',
  'simulator',
  '-n',
  '60',
  '-j',
  '4',
  '-m',
  'DeepSeek-R1',
];

type Step =
  | { wait: string }
  | { sleep: number }
  | { type: string }
  | { signal: number }
  | { hangup: true };

const CTRL_C = { type: '\x03' };
const UNTIL_SENDING: Step[] = [{ wait: 'in flight' }, { sleep: 0.5 }];

/** A run on a pseudo-terminal, acted on as by a person. */
async function onTerminal(steps: Step[], args = RUN) {
  const cwd = await aFolder();
  const transcript = path.join(cwd, 'transcript');
  const { PATH, HOME } = process.env;
  const { stdout } = await promisify(execFile)(
    'python3',
    [HARNESS, transcript, JSON.stringify(steps), process.execPath, CLI, ...args],
    { cwd, env: { PATH, HOME, TERM: 'xterm', TOKENTAPE_CALIBRATE: 'off' } },
  );
  return {
    results: path.join(cwd, 'results'),
    ending: JSON.parse(stdout) as { code?: number; signal?: number; hung?: true },
    shown: readFileSync(transcript, 'utf8'),
  };
}

/** Each table that is drawn has to be erased again: what moves the cursor up ends in this. */
const ERASE_BELOW = '\x1b[0J';

function erasings(shown: string): { drawn: number; erased: number } {
  const countOf = (text: string): number => shown.split(text).length - 1;
  return { drawn: countOf('flying'), erased: countOf(ERASE_BELOW) };
}

// Without a python3, whose standard library has pseudo-terminals, there is nothing to test on.
describe.skipIf(!hasPython)('a run on a terminal', () => {
  test('Ctrl-C: the live table is taken away, what was measured is shown, exit 130', async () => {
    const { ending, shown, results } = await onTerminal([...UNTIL_SENDING, CTRL_C]);
    expect(ending).toEqual({ code: 130 });
    expect(shown).toContain('PARTIAL');
    const { drawn, erased } = erasings(shown);
    expect(drawn).toBeGreaterThan(0);
    expect(erased).toBe(drawn);
    expect(shown).not.toContain('\x1b[?25l');
    const { manifest } = await readOnlyRun(results);
    expect(manifest).toMatchObject({ state: 'partial', interrupted: 'SIGINT' });
  });

  test('Ctrl-C twice: gone at once, no half of a table, the journal whole', async () => {
    const steps = [...UNTIL_SENDING, CTRL_C, { sleep: 0.15 }, CTRL_C];
    const { ending, shown, results } = await onTerminal(steps);
    // Where everything was written by then, nobody heeds a signal any more.
    expect([{ code: 130 }, { signal: 2 }]).toContainEqual(ending);
    const { drawn, erased } = erasings(shown);
    expect(erased).toBe(drawn);
    const { texts } = await readOnlyRun(results);
    expect(texts['requests.ndjson']).toMatch(/(^|\}\n)$/);
  });

  test('a terminal that goes away is SIGHUP: what was measured is written', async () => {
    const { ending, results } = await onTerminal([...UNTIL_SENDING, { hangup: true }]);
    // A shell calls it 129.
    expect(ending).toEqual({ signal: 1 });
    const { manifest, texts } = await readOnlyRun(results);
    expect(manifest).toMatchObject({ state: 'partial', interrupted: 'SIGHUP' });
    expect(Object.keys(texts)).toContain('summary.csv');
  });

  test('suspended and continued, it goes on, and knows how late its client was', async () => {
    const steps = [
      ...UNTIL_SENDING,
      { signal: 19 },
      { sleep: 1.5 },
      { signal: 18 },
      { sleep: 0.5 },
    ];
    const { ending, results } = await onTerminal([...steps, CTRL_C]);
    expect(ending).toEqual({ code: 130 });
    const { manifest } = await readOnlyRun(results);
    expect(manifest.validity.measured?.lateness_ms_max).toBeGreaterThan(1000);
  });

  test('Ctrl-C while answers are graded keeps everything measured', async () => {
    const code = ['-s', 'code', '-n', '6', '--run-code', '--run-javascript', '-m', 'DeepSeek-R1'];
    const args = ['run', ...code, '-t', 'simulator', '--profile', 'fast'];
    const { ending, results } = await onTerminal([{ wait: 'Grading' }, CTRL_C], args);
    expect(ending).toEqual({ code: 130 });
    const { manifest, records } = await readOnlyRun(results);
    expect(manifest).toMatchObject({ state: 'complete', grading: { state: 'interrupted' } });
    expect(records).toHaveLength(6);
  });
});
