// What was found, and how much was tried, as text.

/** @param {import('./run.mjs').Finding} finding */
export function findingText({ target, seed, path, what, input }) {
  const repeat = `npm run fuzz -- --target ${target} --seed ${seed}${path === null ? '' : ` --path ${path}`}`;
  return `FOUND ${target}\n  repeat: ${repeat}\n  ${what.split('\n').slice(0, 8).join('\n  ')}\n  input: ${input}\n`;
}

/** @param {import('./run.mjs').Tally[]} tallies */
export function tallyTable(tallies) {
  const lines = tallies.flatMap(({ name, runs }) =>
    Object.entries(runs).map(([check, count]) => [
      `${name}/${check}`,
      count.toLocaleString('en-US'),
    ]),
  );
  const total = tallies
    .flatMap(({ runs }) => Object.values(runs))
    .reduce((sum, count) => sum + count, 0);
  const findings = tallies.reduce((sum, tally) => sum + tally.findings.length, 0);
  const rows = [
    ...lines.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    ['inputs in all', total.toLocaleString('en-US')],
  ];
  const text = rows.map(([name = '', count = '']) => `${name.padEnd(36)} ${count.padStart(12)}`);
  return `${text.join('\n')}\n${findings} finding${findings === 1 ? '' : 's'}`;
}
