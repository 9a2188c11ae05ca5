import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EXPECTATION_TYPES } from '../../src/suite/expectation-schema.ts';
import { disagreement, gradeGroups, TABLES } from './answer-table.ts';

const document = readFileSync(new URL('../../docs/graders.md', import.meta.url), 'utf8');
const examples = [...document.matchAll(/```yaml graded\n([\s\S]*?)```/g)].map(
  ([, yaml]) => yaml ?? '',
);

describe('docs/graders.md', () => {
  it('gives examples that are graded as it says', () => {
    const rows = examples.flatMap((yaml) => gradeGroups(parse(yaml)));
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.filter(({ wanted, graded }) => graded.mark !== wanted).map(disagreement)).toEqual(
      [],
    );
  });

  it('names every grader', () => {
    expect(EXPECTATION_TYPES.filter((type) => !document.includes(`\`${type}\``))).toEqual([]);
  });

  it('counts the answers as they are', () => {
    const rows = TABLES.flatMap((name) => gradeGroups(parse(readTable(name))));
    const agreeing = rows.filter(({ wanted, graded }) => graded.mark === wanted).length;
    const count = (number: number) => number.toLocaleString('en-US');
    expect(document.replace(/\s+/g, ' ')).toContain(
      `holds ${count(rows.length)} answers in English, Japanese and Vietnamese`,
    );
    expect(document).toContain(
      `${count(agreeing)} get it (${((100 * agreeing) / rows.length).toFixed(1)} %)`,
    );
  });
});

function readTable(name: string): string {
  return readFileSync(new URL(`./answers/${name}.yaml`, import.meta.url), 'utf8');
}
