import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { notesOf, releaseProblems } from '../../scripts/supply/release.mjs';

const changelog = [
  '# Changes',
  '## 1.2.3 (2026-02-03)',
  '- Something.',
  '## 1.2.0 (2026-01-01)',
  '- Before.',
  '## 1.1.1 (unreleased)',
  '- Later.',
  '## 1.1.0 (2025-12-01)',
  '',
].join('\n\n');
const good = {
  tag: 'v1.2.3',
  repository: 'Some/tape',
  manifest: {
    name: 'tape',
    version: '1.2.3',
    repository: { url: 'git+https://github.com/Some/tape.git' },
  },
  changelog,
};

test('a tag of this version, from this repository, with notes', () => {
  expect(releaseProblems(good)).toEqual([]);
  expect(notesOf(changelog, '1.2.3')).toBe('- Something.');
});

describe('stands in the way', () => {
  const changed = (more: Partial<typeof good.manifest>) => ({ ...good.manifest, ...more });
  test.each<[string, Partial<Parameters<typeof releaseProblems>[0]>, RegExp]>([
    ['another tag', { tag: 'v1.2.4' }, /the tag is v1\.2\.4/],
    ['a tag without its v', { tag: '1.2.3' }, /the tag is 1\.2\.3/],
    ['no repository', { manifest: { name: 'tape', version: '1.2.3' } }, /no repository/],
    ['a fork', { repository: 'Other/tape' }, /this is Other\/tape/],
    ['a name in other letters', { repository: 'some/tape' }, /this is some\/tape/],
    [
      'another host',
      { manifest: changed({ repository: { url: 'https://git.example/Some/tape' } }) },
      /git\.example/,
    ],
    [
      'a version without notes',
      { tag: 'v1.1.0', manifest: changed({ version: '1.1.0' }) },
      /CHANGE/,
    ],
    [
      'a version without a date',
      { tag: 'v1.1.1', manifest: changed({ version: '1.1.1' }) },
      /CHANGE/,
    ],
    [
      'a version that is the beginning of another',
      { tag: 'v1.2', manifest: changed({ version: '1.2' }) },
      /CHANGE/,
    ],
  ])('%s', (_, more, said) => {
    expect(releaseProblems({ ...good, ...more })).toEqual([expect.stringMatching(said)]);
  });
});

test('the change log has the form that a release reads', () => {
  const own = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
  for (const [, heading] of own.matchAll(/^## (.+)$/gm)) {
    expect(heading).toMatch(/^\d+\.\d+\.\d+ \((?:unreleased|\d{4}-\d\d-\d\d)\)$/);
  }
});
