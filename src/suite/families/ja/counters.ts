import { at, type Family } from '../family.ts';
import { localAnswer } from '../local-answers.ts';
import { kanjiNumber } from './writing.ts';

/** Readings of 1 to 10 before a counter that changes nothing, with the exceptions in `of`. */
const PLAIN = ['いち', 'に', 'さん', 'よん', 'ご', 'ろく', 'なな', 'はち', 'きゅう', 'じゅう'];

interface Counter {
  sign: string;
  /** The counter's own reading. */
  sound: string;
  /** First sound hardens after っ (ほ to ぽ), softens after ん (ほ to ぼ). */
  kind: 'plain' | 'k' | 's' | 'h';
  softens?: true;
}

/** From those that change nothing to those that change most. */
const COUNTERS: readonly (readonly Counter[])[] = [
  [
    { sign: '枚', sound: 'まい', kind: 'plain' },
    { sign: '台', sound: 'だい', kind: 'plain' },
  ],
  [
    { sign: '冊', sound: 'さつ', kind: 's' },
    { sign: '歳', sound: 'さい', kind: 's' },
  ],
  [
    { sign: '個', sound: 'こ', kind: 'k' },
    { sign: '回', sound: 'かい', kind: 'k' },
  ],
  [
    { sign: '本', sound: 'ほん', kind: 'h', softens: true },
    { sign: '匹', sound: 'ひき', kind: 'h', softens: true },
  ],
  [
    { sign: '杯', sound: 'はい', kind: 'h', softens: true },
    { sign: '階', sound: 'かい', kind: 'k', softens: true },
    { sign: '軒', sound: 'けん', kind: 'k', softens: true },
  ],
];

const SOFT: Record<string, string> = { ほ: 'ぼ', ひ: 'び', は: 'ば', か: 'が', け: 'げ' };
const HARD: Record<string, string> = { ほ: 'ぽ', ひ: 'ぴ', は: 'ぱ' };

/** How numbers are read before counters, where sounds change: 三本 is さんぼん. */
export const jaCounters: Family = {
  name: 'ja-counters',
  description: 'Japanese: how a number with its counter is read',
  language: 'ja',
  generate(random, difficulty) {
    const level = Math.min(difficulty, COUNTERS.length);
    const hardest = random.pick(at(COUNTERS, level - 1));
    const other = random.pick(COUNTERS.slice(0, level).flat());
    const asked = random
      .shuffle([hardest, other])
      .map((counter) => ({ counter, count: random.integer(1, 10) }));
    const signs = asked.map(({ counter, count }) => kanjiNumber(count) + counter.sign).join('と');
    const question = random.pick([
      `「${signs}」はどう読みますか。ひらがなで答えてください。`,
      `「${signs}」の読みをひらがなで書いてください。`,
      `「${signs}」をひらがなに直してください。`,
    ]);
    const [left = [], right = []] = asked.map(({ counter, count }) => readingsOf(count, counter));
    const readings = left.flatMap((first) => right.map((second) => `${first}と${second}`));
    const wrong = asked
      .map(({ counter, count }) => at(PLAIN, count % 10) + counter.sound)
      .join('と');
    return localAnswer('ja', question, 'ひらがな', readings, wrong);
  },
};

/** All readings in use: 十本 is じゅっぽん and じっぽん, 八階 is はちかい and はっかい. */
function readingsOf(count: number, { kind, sound, softens }: Counter): string[] {
  const number = at(PLAIN, count - 1);
  const rest = sound.slice(1);
  const first = sound.charAt(0);
  const hard = (HARD[first] ?? first) + rest;
  if (count === 7) return [number + sound, `しち${sound}`];
  if (kind === 'plain') return [number + sound];
  switch (count) {
    case 1:
      return [`いっ${hard}`];
    case 3:
      if (!softens) return [number + sound];
      // Both are in use of houses and floors.
      return kind === 'h'
        ? [`さん${SOFT[first]}${rest}`]
        : [`さん${SOFT[first]}${rest}`, `さん${sound}`];
    case 6:
      return [kind === 's' ? number + sound : `ろっ${hard}`];
    case 8:
      return kind === 's' ? [`はっ${hard}`] : [`はっ${hard}`, number + sound];
    case 10:
      return [`じゅっ${hard}`, `じっ${hard}`];
    default:
      return [number + sound];
  }
}
