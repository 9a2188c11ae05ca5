import type { Random } from '../../random.ts';
import { integerAnswer, wordAnswer } from './answers.ts';
import { at, drawUntil, type Family } from './family.ts';

const WORDS = [
  ...['lantern', 'harvest', 'picture', 'journey', 'blanket', 'monster', 'quarter', 'whisper'],
  ...['thunder', 'village', 'compass', 'diamond', 'factory', 'gateway', 'horizon', 'kitchen'],
  ...['measure', 'network', 'orchard', 'pilgrim', 'railway', 'sandbox', 'triumph', 'uniform'],
] as const;

interface Step {
  text: string;
  apply(word: string): string;
}

/** Steps as they are told; each is defined for any word of two letters or more. */
function anyStep(random: Random): Step {
  const count = random.integer(1, 3);
  const moved = count === 1 ? 'the first letter' : `the first ${count} letters`;
  const [left, right] = random.pick([
    ['a', 'o'],
    ['e', 'u'],
    ['r', 'l'],
    ['n', 'm'],
    ['t', 'd'],
  ] as const);
  return random.pick<Step>([
    { text: 'reverse it', apply: (word) => [...word].reverse().join('') },
    { text: `move ${moved} to the end`, apply: (word) => word.slice(count) + word.slice(0, count) },
    {
      text: 'swap its first and its last letter',
      apply: (word) => word.slice(-1) + word.slice(1, -1) + word.slice(0, 1),
    },
    { text: 'remove its second letter', apply: (word) => word.slice(0, 1) + word.slice(2) },
    { text: 'write its first letter twice', apply: (word) => word.slice(0, 1) + word },
    {
      text: `replace every "${left}" by "${right}"`,
      apply: (word) => word.replaceAll(left, right),
    },
    {
      text: 'sort its letters alphabetically',
      apply: (word) => [...word].sort().join(''),
    },
    {
      text: 'replace each letter by the next one of the alphabet ("z" becomes "a")',
      apply: (word) => word.replace(/[a-z]/g, nextLetter),
    },
  ]);
}

function nextLetter(letter: string): string {
  return letter === 'z' ? 'a' : String.fromCharCode(letter.charCodeAt(0) + 1);
}

/** One to five steps done to a word; at times, a place in the result is asked for. */
export const letters: Family = {
  name: 'letters',
  description: 'Steps done to the letters of a word',
  generate(random, difficulty) {
    const word = random.pick(WORDS);
    const { steps, result } = drawUntil(() => {
      const steps = Array.from({ length: difficulty }, () => anyStep(random));
      const stages = [word as string];
      for (const { apply } of steps) stages.push(apply(stages.at(-1) ?? ''));
      const distinct = new Set(stages).size === stages.length;
      return distinct ? { steps, result: at(stages, difficulty) } : undefined;
    });
    const told = steps.map(({ text }, index) => `${index + 1}. ${text}`);
    const opening = random.pick([
      `Take the word "${word}" and do these steps in order, each on the result of the one before:`,
      `Begin with "${word}". Carry out, one after another, each on what the last one gave:`,
    ]);
    const question = [opening, ...told].join('\n');
    if (random.next() < 0.7) return wordAnswer(`${question}\nWhat is the result?`, 'word', result);
    const letter = random.pick([...result]);
    return integerAnswer(
      `${question}\nIn which place, counted from 1, does the letter "${letter}" first stand in the result?`,
      result.indexOf(letter) + 1,
    );
  },
};
