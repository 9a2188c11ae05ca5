import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { definitionsOf } from '../../src/definitions/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(`${root}docs/definitions.md`, 'utf8');
const sections = new Map(
  text.split(/^### /m).map((section) => {
    const [title = ''] = section.split('\n', 1);
    return [title.toLowerCase().replaceAll(' ', '-'), section];
  }),
);

describe.each(definitionsOf(['all']))('$name in docs/definitions.md', ({ name, has }) => {
  test('names its sources with file, function and commit', () => {
    const section = sections.get(name) ?? '';
    const [sources = ''] = /^\| read \|.*$/m.exec(section) ?? [];
    expect(sources).toMatch(/`[\w/-]+\.py`/);
    expect(sources).toMatch(/\b[0-9a-f]{40}\b/);
  });

  test('says what each figure is, and which one there is none of', () => {
    const section = sections.get(name) ?? '';
    for (const what of ['TTFT', 'TPOT', 'ITL', 'tokens', 'success', 'failure', 'percentiles']) {
      expect(section).toMatch(new RegExp(`^\\| ${what} \\| .+ \\|$`, 'm'));
    }
    expect(/^\| TPOT \| none/m.test(section)).toBe(!has.tpot);
    expect(/^\| ITL \| none/m.test(section)).toBe(!has.itl);
  });

  test('is where its docstring points to', () => {
    const source = readFileSync(`${root}src/definitions/${name}.ts`, 'utf8');
    const [, anchor = ''] = /docs\/definitions\.md#([\w-]+)/.exec(source) ?? [];
    expect(sections.has(anchor)).toBe(true);
  });
});
