import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { billProblems } from '../../scripts/supply/bill.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => JSON.parse(readFileSync(`${ROOT}/${name}`, 'utf8'));
const [lock, self] = [read('package-lock.json'), read('package.json')];

describe.each(['cyclonedx', 'spdx'] as const)('the bill of materials as %s', (format) => {
  const bill = JSON.parse(
    execFileSync(process.execPath, ['scripts/sbom.mjs', '--format', format], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const parts: string = format === 'spdx' ? 'packages' : 'components';
  const problems = (changed: object) => billProblems({ ...bill, ...changed }, format, lock, self);

  test('has each package that a user installs, with checksum and licence, and no other', () => {
    expect(problems({})).toEqual([]);
    expect(JSON.stringify(bill)).not.toContain('vitest');
    expect(JSON.stringify(bill)).not.toContain(ROOT);
  });

  test('is not taken for whole where something is missing, or more in it than there is', () => {
    const all: object[] = bill[parts];
    expect(problems({ [parts]: all.slice(0, -1) })).toEqual([expect.stringMatching(/not in it$/)]);
    const { packages, ...locked } = lock;
    const { 'node_modules/yaml': yaml, ...others } = packages;
    const without = { ...locked, packages: others };
    expect(billProblems(bill, format, without, self)).toEqual([
      expect.stringMatching(/yaml.* is not installed$/),
    ]);
    const changed = { ...yaml, integrity: packages['node_modules/zod'].integrity };
    const other = { ...locked, packages: { ...others, 'node_modules/yaml': changed } };
    expect(billProblems(bill, format, other, self)).toEqual([
      expect.stringMatching(/yaml.* another checksum$/),
    ]);
    expect(problems({ bomFormat: 'other', spdxVersion: 'other' })).toHaveLength(1);
    expect(billProblems(bill, format, lock, { ...self, version: '9.9.9' })).toHaveLength(1);
  });
});
