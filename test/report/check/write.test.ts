import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/exit-codes.ts';
import { parseReportForms } from '../../../src/report/check/forms.ts';
import { writeCheckReports } from '../../../src/report/check/write.ts';
import { aFolder } from '../../commands/run-cli.ts';
import { pairedFail, pairedPass } from './fixtures.ts';

/** Where a check writes, with what it said to stdout and stderr. */
function aTarget(env: Record<string, string> = {}, ciOutput = true) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const target = {
    env,
    ciOutput,
    configPath: 'bench.config.yaml',
    write: (text: string) => stdout.push(text),
    complain: (text: string) => stderr.push(`${text}\n`),
    command: (lines: string, to: 'stdout' | 'stderr') => ({ stdout, stderr })[to].push(lines),
  };
  return { target, stdout, stderr };
}

describe('what was asked for', () => {
  test('each goes to its file, folders are made, one to stdout', async () => {
    const folder = await aFolder();
    const file = path.join(folder, 'deep/er/check.xml');
    const { target, stdout, stderr } = aTarget();
    const reports = parseReportForms([`junit=${file}`, 'json=-']);
    expect(await writeCheckReports(pairedPass, reports, target)).toBe(EXIT.done);
    expect(await readFile(file, 'utf8')).toMatch(/^<\?xml/);
    expect(JSON.parse(stdout.join(''))).toEqual(pairedPass);
    expect(stderr).toEqual([]);
  });

  test('one that cannot be written is told of, and the others are written', async () => {
    const folder = await aFolder({ taken: 'a file' });
    const reports = parseReportForms([
      `junit=${path.join(folder, 'taken/check.xml')}`,
      `md=${path.join(folder, 'check.md')}`,
    ]);
    const { target, stderr } = aTarget();
    expect(await writeCheckReports(pairedPass, reports, target)).toBe(EXIT.cannotWrite);
    expect(stderr.join('\n')).toMatch(/^tokentape: cannot write .*taken\/check\.xml/);
    expect(await readFile(path.join(folder, 'check.md'), 'utf8')).toContain('## ✅ pass');
  });
});

describe('a GitHub job', () => {
  test('gets a summary, behind what is there, and annotations on stderr', async () => {
    const folder = await aFolder({ 'summary.md': 'of an earlier command\n' });
    const summary = path.join(folder, 'summary.md');
    const { target, stdout, stderr } = aTarget({
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ACTIONS: 'true',
    });
    expect(await writeCheckReports(pairedFail, [], target)).toBe(EXIT.done);
    expect(await readFile(summary, 'utf8')).toMatch(
      /^of an earlier command\n\*\*SIMULATED.*\n\n## ❌ FAIL/,
    );
    expect(stderr.join('\n')).toMatch(/^::error title=/);
    expect(stdout).toEqual([]);
  });

  test.each([
    ['switched off', { GITHUB_ACTIONS: 'true' }, false],
    ['elsewhere', {}, true],
    ['in what only calls itself so', { GITHUB_ACTIONS: '1', GITHUB_STEP_SUMMARY: '' }, true],
  ])('%s it gets nothing', async (_, env, ciOutput) => {
    const { target, stdout, stderr } = aTarget(env, ciOutput);
    expect(await writeCheckReports(pairedFail, [], target)).toBe(EXIT.done);
    expect([...stdout, ...stderr]).toEqual([]);
  });

  test('a summary that cannot be written, or is full, changes no exit code', async () => {
    const folder = await aFolder();
    const full = path.join(folder, 'full.md');
    await writeFile(full, 'x'.repeat(1024 * 1024 - 10));
    await mkdir(path.join(folder, 'a-folder'));
    for (const [file, reason] of [
      [full, /holds 1,024 KiB already/],
      [path.join(folder, 'a-folder'), /cannot append to the step's summary/],
    ] as const) {
      const { target, stderr } = aTarget({ GITHUB_STEP_SUMMARY: file });
      expect(await writeCheckReports(pairedPass, [], target)).toBe(EXIT.done);
      expect(stderr.join('\n')).toMatch(reason);
    }
    expect((await readFile(full, 'utf8')).length).toBe(1024 * 1024 - 10);
  });
});
