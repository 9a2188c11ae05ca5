import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Lock, type Locked, problemsOf, runtimeIn } from '../../scripts/supply/lockfile.mjs';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const lock: Lock = read('package-lock.json');

test('the lock file is clean', () => {
  expect(problemsOf(lock)).toEqual([]);
});

test('what comes with the package is no more than was counted', () => {
  const { dependencies, optionalDependencies } = read('package.json');
  const direct = { ...dependencies, ...optionalDependencies };
  expect(runtimeIn(lock).map(({ name }) => name)).toEqual(
    expect.arrayContaining(Object.keys(direct)),
  );
  expect(Object.keys(direct).length).toBeLessThanOrEqual(17);
  expect(runtimeIn(lock).length).toBeLessThanOrEqual(33);
});

describe('refused', () => {
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const with_ = (locked: Locked & { name?: string }, place = 'node_modules/some'): Lock => ({
    lockfileVersion: 3,
    packages: { '': {}, [place]: { version: '1.0.0', license: 'MIT', integrity, ...locked } },
  });

  test.each<[string, Locked & { name?: string }, RegExp]>([
    ['a script on install', { hasInstallScript: true }, /runs a script/],
    ['git', { resolved: 'git+ssh://git@github.com/a/some.git#0a1b2c' }, /comes from git\+ssh/],
    ['http', { resolved: 'http://registry.npmjs.org/some/-/some-1.0.0.tgz' }, /comes from http:/],
    ['a file', { resolved: 'file:../some' }, /comes from file:/],
    ['another host', { resolved: 'https://npm.example/some/-/some-1.0.0.tgz' }, /npm\.example/],
    [
      'another package of the registry',
      { resolved: 'https://registry.npmjs.org/same/-/same-1.0.0.tgz' },
      /not its place/,
    ],
    ['another package under its name', { name: 'other' }, /is really other/],
    ['a link', { link: true }, /is a link/],
    ['what comes inside of another', { inBundle: true }, /inside of another/],
    ['no checksum', { integrity: '' }, /no SHA-512/],
    ['a weak checksum', { integrity: 'sha1-AAAA' }, /no SHA-512/],
    ['a licence that asks for more', { license: 'GPL-3.0-only' }, /licence GPL-3\.0-only/],
    ['a choice of licences', { license: '(MIT OR GPL-2.0)' }, /licence \(MIT OR GPL-2\.0\)/],
    ['no licence', { license: '' }, /licence/],
  ])('%s', (_, locked, said) => {
    expect(problemsOf(with_(locked))).toEqual([expect.stringMatching(said)]);
  });

  test('an older form, which has no such marks', () => {
    expect(problemsOf({ ...lock, lockfileVersion: 1 })).toHaveLength(1);
  });

  test('of development, where it comes from, but neither scripts nor licences', () => {
    const development: Locked = { dev: true, license: 'MPL-2.0', hasInstallScript: true };
    expect(problemsOf(with_(development))).toEqual([]);
    expect(problemsOf(with_({ ...development, integrity: '' }))).toHaveLength(1);
  });
});

test('scoped and nested packages have their place in the registry', () => {
  const place = 'node_modules/a/node_modules/@b/c';
  const resolved = 'https://registry.npmjs.org/@b/c/-/c-1.0.0.tgz';
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const locked = { version: '1.0.0', license: 'ISC', integrity, resolved };
  expect(problemsOf({ lockfileVersion: 3, packages: { '': {}, [place]: locked } })).toEqual([]);
});
