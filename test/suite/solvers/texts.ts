import { nth, read, sum } from './reading.ts';

/** Steps are done on an array of letters, by their wording. */
export function letters(prompt: string): string {
  const [word = ''] = read(prompt, /"(\w+)"/);
  let current = [...word];
  for (const [, step = ''] of prompt.matchAll(/^\d\. (.+)$/gm)) current = done(step, current);
  const letter = prompt.match(/the letter "(\w)" first/)?.[1];
  if (letter === undefined) return current.join('');
  return String(current.indexOf(letter) + 1);
}

function done(step: string, word: string[]): string[] {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz';
  const moved = step.match(/^move the first (?:(\d) letters|letter) to the end$/);
  if (moved) {
    const result = [...word];
    for (let times = 0; times < Number(moved[1] ?? 1); times++) result.push(result.shift() ?? '');
    return result;
  }
  const replaced = step.match(/^replace every "(\w)" by "(\w)"$/);
  if (replaced)
    return word.map((letter) => (letter === replaced[1] ? (replaced[2] ?? '') : letter));
  if (step === 'reverse it') return word.toReversed();
  if (/^swap/.test(step)) return word.with(0, nth(word, word.length - 1)).with(-1, nth(word, 0));
  if (/^remove its second/.test(step)) return word.toSpliced(1, 1);
  if (/^write its first letter twice/.test(step)) return word.toSpliced(0, 0, nth(word, 0));
  if (/^sort/.test(step)) return [...alphabet].flatMap((l) => word.filter((each) => each === l));
  if (/next one of the alphabet/.test(step)) {
    return word.map((letter) => nth([...alphabet], (alphabet.indexOf(letter) + 1) % 26));
  }
  throw new Error(`what is meant by: ${step}`);
}

export function needle(prompt: string): string {
  const question = nth(prompt.split('\n\n'), prompt.split('\n\n').length - 2);
  const [place = ''] = read(question, /(?:access code of|number opens) (the \w+ of \w+)/);
  const facts = [
    ...prompt.matchAll(/access code of (the \w+ of \w+) is (\d+)\./g),
    ...prompt.matchAll(/enter (the \w+ of \w+) has to type (\d+)\./g),
    ...[...prompt.matchAll(/number (\d+) opens (the \w+ of \w+)\./g)].map(([all, n, p]) => [
      all,
      p,
      n,
    ]),
  ];
  const codes = facts.filter(([, where]) => where === place).map(([, , code]) => code);
  if (codes.length !== 1) throw new Error(`${codes.length} codes for ${place}`);
  return codes[0] ?? '';
}

export function hops(prompt: string): string {
  const keys = new Map(
    [...prompt.matchAll(/(\w+)'s key opens the cellar of (\w+)\./g)].map(([, a, b]) => [a, b]),
  );
  const counts = new Map(
    [...prompt.matchAll(/cellar of (\w+) holds (\d+)/g)].map(([, name, n]) => [name, Number(n)]),
  );
  const [start = '', times = ''] = read(prompt, /Start at (\w+)\..*follow (\d+) keys/);
  let here: string | undefined = start;
  for (let hop = 0; hop < Number(times); hop++) here = keys.get(here);
  return String((counts.get(here) ?? Number.NaN) + (counts.get(start) ?? Number.NaN));
}

export function ledger(prompt: string): string {
  const [payer = ''] = read(prompt, /How many coins did (\w+) pay/);
  const about = prompt.split(/(?<=\.)\s+/).filter((sentence) => sentence.includes(payer));
  return String(sum(about.map((sentence) => Number(sentence.match(/(\d+) coins/)?.[1] ?? 0))));
}

/** Goes through the days one after the other. */
export function revisions(prompt: string): string {
  const [place = '', day = ''] = read(prompt, /Which code of (the \w+ of \w+) held on day (\d+)/);
  const facts = [
    ...[...prompt.matchAll(/On day (\d+) the code of (the \w+ of \w+) was set to (\d+)\./g)].map(
      ([, d, p, c]) => [p, d, c],
    ),
    ...[...prompt.matchAll(/The code of (the \w+ of \w+) became (\d+) on day (\d+)\./g)].map(
      ([, p, c, d]) => [p, d, c],
    ),
    ...[
      ...prompt.matchAll(/It was day (\d+) when (\d+) was made the code of (the \w+ of \w+)\./g),
    ].map(([, d, c, p]) => [p, d, c]),
  ];
  const changes = new Map(facts.filter(([p]) => p === place).map(([, d, c]) => [Number(d), c]));
  let code: string | undefined;
  for (let today = 0; today <= Number(day); today++) code = changes.get(today) ?? code;
  return code ?? '';
}
