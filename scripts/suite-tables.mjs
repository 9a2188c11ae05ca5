import { readFileSync, writeFileSync } from 'node:fs';
import { FAMILIES } from '../dist/suite/families/index.js';
import { BUILT_IN_SUITES_DIR, loadSuite } from '../dist/suite/load.js';
import { listSuites } from '../dist/suite/read.js';

const file = new URL('../docs/suites.md', import.meta.url);

const LISTED_TYPES = 5;

/** @param {string} name */
function suiteRow(name) {
  const { suite, problems } = loadSuite(name, [BUILT_IN_SUITES_DIR], 'docs');
  if (suite === undefined) throw new Error(`${name}: ${problems[0]?.message}`);
  const turns = suite.cases.flatMap((one) => one.turns);
  const graded = turns.filter(({ expect }) => expect.length > 0).length;
  return [
    `\`${name}\``,
    suite.cases.length,
    turns.length,
    graded,
    typesOf(turns),
    suite.description,
  ];
}

/**
 * Graders by how many turns they grade, the commonest first.
 * @param {{ expect: { type: string }[] }[]} turns
 */
function typesOf(turns) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { expect } of turns) {
    for (const type of new Set(expect.map((one) => one.type))) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const listed = sorted.slice(0, LISTED_TYPES).map(([type]) => `\`${type}\``);
  return [...listed, ...(sorted.length > LISTED_TYPES ? ['…'] : [])].join(', ');
}

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
function table(head, rows) {
  const cells = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return cells.join('\n');
}

const LANGUAGES = { ja: 'Japanese', vi: 'Vietnamese' };

function families() {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const { name, long, language } of FAMILIES) {
    const spoken = language === undefined ? 'English' : LANGUAGES[language];
    const group = long ? 'Long prompts (`length_tokens`)' : spoken;
    groups.set(group, [...(groups.get(group) ?? []), `\`${name}\``]);
  }
  return [...groups].map(([group, names]) => `- ${group}: ${names.join(', ')}`).join('\n');
}

/**
 * Writes the shipped suites and the families of generated cases into docs/suites.md, between its markers.
 * @param {boolean} checkOnly writes nothing
 * @returns whether the document is as it has to be
 */
export function writeSuiteTables(checkOnly) {
  const blocks = {
    suites: table(
      ['suite', 'cases', 'turns', 'graded', 'by', 'asks'],
      listSuites(BUILT_IN_SUITES_DIR).map(suiteRow),
    ),
    families: families(),
  };
  const text = readFileSync(file, 'utf8');
  const written = Object.entries(blocks).reduce((document, [name, block]) => {
    const between = new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- /${name} -->)`);
    if (!between.test(document)) throw new Error(`docs/suites.md has no place for ${name}`);
    return document.replace(between, (_, before, after) => `${before}\n${block}\n${after}`);
  }, text);
  if (!checkOnly) writeFileSync(file, written);
  return written === text;
}
