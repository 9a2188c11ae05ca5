import type { Random } from '../../random.ts';

/** Characters that stand for one token of English, by rule of thumb. */
const CHARACTERS_PER_TOKEN = 4;

const WHO = [
  ...['The harbour master', 'A retired teacher', 'The baker on the corner', 'My older cousin'],
  ...['The night porter', 'A travelling clockmaker', 'The choir', 'The new librarian'],
  ...['One of the gardeners', 'The ferry captain', 'A group of surveyors', 'The postwoman'],
] as const;
const DID = [
  ...['walked slowly along', 'wrote a long letter about', 'once painted', 'kept returning to'],
  ...[
    'told everyone stories of',
    'took photographs of',
    'drew a careful map of',
    'rarely spoke of',
  ],
  ...['spent the summer near', 'dreamt again of', 'argued with friends over', 'looked after'],
] as const;
const WHAT = [
  ...['the old stone bridge', 'the flooded meadow', 'the empty theatre', 'the orchard wall'],
  ...['the railway embankment', 'the copper roofs', 'the winter market', 'the chalk quarry'],
  ...['the botanical garden', 'the shipyard gates', 'the spiral staircase', 'the weather station'],
] as const;
const WHEN = [
  ...['before breakfast', 'on most Sundays', 'when the fog came in', 'during the long strike'],
  ...['after the first frost', 'while the bells rang', 'in the years of plenty', 'at low tide'],
] as const;
const THEN = [
  ...['and nobody thought much of it', 'which surprised the neighbours', 'as the custom was'],
  ...['though the weather was against it', 'and the dogs barked', 'for reasons never explained'],
  ...['with an umbrella under one arm', 'and hummed the same tune', 'until the lamps were lit'],
] as const;

const OPENINGS = [
  'Read the following text. A question about it comes at the end.',
  'Below is a text, and after it a question that it answers.',
  'Here are some notes. Most of them do not matter for the question at their end.',
] as const;

function fillerSentence(random: Random): string {
  const [who, did, what] = [random.pick(WHO), random.pick(DID), random.pick(WHAT)];
  const [when, then] = [random.pick(WHEN), random.pick(THEN)];
  return random.pick([
    `${who} ${did} ${what} ${when}.`,
    `${who} ${did} ${what} ${when}, ${then}.`,
    `${capitalised(when)}, ${lowered(who)} ${did} ${what}.`,
    `${who} ${did} ${what}, ${then}.`,
  ]);
}

export interface LongPromptParts {
  facts: readonly string[];
  question: string;
}

/**
 * A prompt of the wanted length: facts strewn over filler text, and the question.
 * @param facts sentences, put in the given order at random depths
 * @returns text of `lengthTokens` × 4 characters, give or take half a sentence; longer only where
 *   facts and question are already
 */
export function longPrompt(random: Random, lengthTokens: number, parts: LongPromptParts): string {
  const { facts, question } = parts;
  const opening = random.pick(OPENINGS);
  const fixed = [opening, ...facts, question].reduce((sum, part) => sum + part.length + 2, 0);
  const room = lengthTokens * CHARACTERS_PER_TOKEN - fixed;
  const filler: string[] = [];
  for (let used = 0; ; ) {
    const sentence = fillerSentence(random);
    if (used + sentence.length / 2 > room) break;
    filler.push(sentence);
    used += sentence.length + 1;
  }
  const places = facts.map(() => random.integer(0, filler.length)).sort((a, b) => a - b);
  const sentences: string[] = [];
  for (let index = 0, next = 0; index <= filler.length; index++) {
    while (places[next] === index) sentences.push(facts[next++] ?? '');
    const sentence = filler[index];
    if (sentence !== undefined) sentences.push(sentence);
  }
  return `${opening}\n\n${paragraphs(sentences)}\n\n${question}`;
}

const SENTENCES_PER_PARAGRAPH = 7;

function paragraphs(sentences: readonly string[]): string {
  return sentences
    .map((sentence, index) => {
      if (index === 0) return sentence;
      return (index % SENTENCES_PER_PARAGRAPH === 0 ? '\n\n' : ' ') + sentence;
    })
    .join('');
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
