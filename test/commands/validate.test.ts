import { describe, expect, test } from 'vitest';
import { aFolder, runCli } from './run-cli.ts';

const SUITE = `description: mine
cases:
  - id: sum
    prompt: What is 2 + 2?
    expect: {type: match, value: "4"}
    reference: "Answer: 5"
    wrong: "Answer: 4"
  - id: talk
    turns:
      - user: Say yes.
        expect: {type: equals, value: "yes"}
        reference: "no"
      - Go on.
    expect: {type: contains, value: further}
    reference: no further
  - id: code
    prompt: Write f.
    expect:
      type: code
      value: {language: javascript, function: f, tests: [{args: [1], equals: 2}]}
    reference: "const f = (n) => n + 1;"
    wrong: "const f = (n) => n;"
`;

describe("a suite's own answers", () => {
  test('are graded by what it expects, each fault with its place and the reason', async () => {
    const cwd = await aFolder({ 'mine.yaml': SUITE });
    const { code, stdout, stderr } = await runCli(['validate', '-s', 'mine.yaml'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    const lines = stderr.split('\n').filter((line) => line.startsWith('mine.yaml'));
    expect(lines).toEqual([
      expect.stringMatching(
        /^mine\.yaml:6:16 cases\.0\.reference: sum: its reference is wrong by what it expects \(match: is not 4\)/,
      ),
      expect.stringMatching(
        /^mine\.yaml:7:12 cases\.0\.wrong: sum: what it gives as wrong is right/,
      ),
      expect.stringMatching(/^mine\.yaml:12:20 cases\.1\.turns\.0\.reference: talk: .*equals/),
    ]);
  });

  test('that are code are run only on request', async () => {
    const good = SUITE.replace('Answer: 5', 'Answer: 4')
      .replace('wrong: "Answer: 4"', 'wrong: "Answer: 5"')
      .replace('reference: "no"', 'reference: "yes"');
    const cwd = await aFolder({ 'mine.yaml': good });
    const without = await runCli(['validate', '-s', 'mine.yaml'], { cwd });
    expect(without.stderr).toBe('');
    expect(without.stdout).toContain(
      'suite mine.yaml: ok, 3 cases, 4 of its own answers graded, 2 of code not run (--run-code)',
    );
    const run = await runCli(['validate', '-s', 'mine.yaml', '--run-code'], { cwd });
    expect(run.stdout).toContain('suite mine.yaml: ok, 3 cases, 6 of its own answers graded\n');
    const swapped = good.replace('n + 1', 'n + 2');
    const other = await runCli(['validate', '-s', 'other.yaml', '--run-code'], {
      cwd: await aFolder({ 'other.yaml': swapped }),
    });
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /other\.yaml:21:16 cases\.2\.reference: code: its reference is wrong/,
    );
  });
});
