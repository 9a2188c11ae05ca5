import { describe, expect, it } from 'vitest';
import { finalAnswer, type Reader } from '../../../src/score/answer/final.ts';

/** Text that invites a reader to look again and again. */
const HOSTILE = [
  'Answer: ',
  'the answer to ',
  '\\boxed{',
  '\\frac{',
  '#### ',
  'No, wait. ',
  'Hmm… no, ',
  'the total of ',
  '答え：',
  'Đáp án: ',
  ' ',
  '.',
  '",',
  '1,',
  'If it would ',
  '\n',
];

describe('a text of a million characters', () => {
  it.each(HOSTILE)('made of %j is read in few and short pieces', (piece) => {
    let pieces = 0;
    let chars = 0;
    const read: Reader<never> = (segment) => {
      pieces += 1;
      chars += segment.length;
      expect(segment.length).toBeLessThanOrEqual(600);
      return { kind: 'none', reason: 'counting' };
    };
    finalAnswer(piece.repeat(1_000_000 / piece.length), false, read);
    expect(pieces).toBeLessThanOrEqual(300);
    expect(chars).toBeLessThanOrEqual(100_000);
  });
});
