import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asDouble, exactNumber } from '../../../src/score/answer/exact.ts';
import { kanjiNumber } from '../../../src/score/answer/kanji.ts';
import { plainLatex } from '../../../src/score/answer/latex.ts';
import { wordNumbersIn } from '../../../src/score/answer/number-words.ts';
import { numbersIn } from '../../../src/score/answer/numbers.ts';
import { readingsOfDigits } from '../../../src/score/answer/separators.ts';
import { gradeAnswer } from '../../../src/score/grade.ts';
import { LIMITS, replied } from '../replies.ts';
import { englishWords, kanji, vietnameseWords } from './spelling.ts';

const QUESTIONS = {
  english: 'How many are there?',
  japanese: 'いくつありますか。',
  vietnamese: 'Có tất cả bao nhiêu?',
};

function markOf(text: string, value: string, question = QUESTIONS.english): string {
  const messages = [{ role: 'user' as const, content: question }];
  return gradeAnswer(replied(text, { messages }), [{ type: 'match', value }], LIMITS).mark;
}

const grouped = (digits: string, sign: string) => digits.replace(/\B(?=(\d{3})+$)/g, sign);
const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

/** Ways to write a whole number that everybody reads alike. */
const FORMATS: Record<string, (digits: string) => string> = {
  plain: (digits) => digits,
  commas: (digits) => grouped(digits, ','),
  spaces: (digits) => grouped(digits, ' '),
  'thin spaces': (digits) => grouped(digits, '\u2009'),
  'narrow no-break spaces': (digits) => grouped(digits, '\u202F'),
  'LaTeX spaces': (digits) => `$${grouped(digits, '\\,')}$`,
  'LaTeX commas': (digits) => `$${grouped(digits, '{,}')}$`,
  'full width': fullWidth,
  'full width with commas': (digits) => fullWidth(grouped(digits, ',')),
  'with decimals': (digits) => `${digits}.0`,
  bold: (digits) => `**${digits}**`,
  code: (digits) => `\`${digits}\``,
  boxed: (digits) => `\\boxed{${digits}}`,
  'boxed text': (digits) => `$\\boxed{\\text{${digits} items}}$`,
  dollars: (digits) => `\\$${grouped(digits, ',')}`,
};

/** Ways to say that it is the answer. */
const WRAPPINGS: Record<string, (number: string) => string> = {
  alone: (number) => number,
  'English line': (number) => `First I add 17 and 4.\n\nAnswer: ${number}`,
  'English sentence': (number) => `I looked at 3 cases. The final answer is ${number}.`,
  hashes: (number) => `7 - 2 = 5 remain\n#### ${number}`,
  'Japanese line': (number) => `まず17に4を足します。\n答え：${number}`,
  'Japanese sentence': (number) => `5つの場合を調べました。よって、答えは${number}です。`,
  'Vietnamese line': (number) => `Ta cộng 17 với 4.\nĐáp án: ${number}`,
  'Vietnamese sentence': (number) => `Xét 3 trường hợp. Đáp án là ${number}.`,
  thought: (number) => `<think>Is it 5? Or 77?</think>${number}`,
};

describe('a number written in any supported way', () => {
  it.each(Object.keys(FORMATS))('%s', (name) => {
    const format = FORMATS[name] as (digits: string) => string;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000_000_000 }),
        fc.constantFrom(...Object.keys(WRAPPINGS)),
        fc.integer({ min: 1, max: 1_000_000 }),
        (number, wrapping, off) => {
          const wrap = WRAPPINGS[wrapping] as (number: string) => string;
          const text = wrap(format(String(number)));
          const question = /\p{Script=Hiragana}/u.test(text)
            ? QUESTIONS.japanese
            : QUESTIONS.english;
          expect(markOf(text, String(number), question), text).toBe('right');
          expect(markOf(text, String(number + off), question), text).toBe('wrong');
          expect(markOf(text, String(-number - 1), question), text).toBe('wrong');
        },
      ),
    );
  });

  it('with its sign', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.constantFrom('-', '−', '－', 'minus ', '$-$'),
        (number, sign) => {
          const text = `Answer: ${sign === '$-$' ? `$-${number}$` : `${sign}${number}`}`;
          expect(markOf(text, String(-number)), text).toBe('right');
          expect(markOf(text, String(number)), text).toBe('wrong');
        },
      ),
    );
  });

  it('with decimals, in the style of the language', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.integer({ min: 1, max: 9 }),
        (whole, tenths) => {
          const value = `${whole}.${tenths}`;
          const comma = `${grouped(String(whole), '.')},${tenths}`;
          expect(markOf(`Answer: ${grouped(String(whole), ',')}.${tenths}`, value)).toBe('right');
          expect(markOf(`Đáp án: ${comma}`, value, QUESTIONS.vietnamese), comma).toBe('right');
          expect(markOf(`Đáp án: ${comma}`, `${whole}${tenths}`, QUESTIONS.vietnamese)).toBe(
            'wrong',
          );
        },
      ),
    );
  });

  it('as a fraction', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999 }),
        fc.integer({ min: 2, max: 999 }),
        (upper, lower) => {
          const value = `${upper}/${lower}`;
          for (const text of [
            value,
            `\\frac{${upper}}{${lower}}`,
            `\\boxed{\\dfrac{${upper}}{${lower}}}`,
          ]) {
            expect(markOf(`Answer: ${text}`, value), text).toBe('right');
            expect(markOf(`Answer: ${text}`, `${upper}/${lower + 1}`), text).toBe('wrong');
          }
          expect(markOf(`答え：${lower}分の${upper}`, value, QUESTIONS.japanese)).toBe('right');
        },
      ),
    );
  });

  it('in kanji', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (number) => {
        expect(kanjiNumber(kanji(number))).toBe(BigInt(number));
        expect(markOf(`答えは${kanji(number)}です。`, String(number), QUESTIONS.japanese)).toBe(
          'right',
        );
        expect(markOf(`${kanji(number)}個`, String(number), QUESTIONS.japanese)).toBe('right');
        expect(markOf(`${kanji(number)}個`, String(number + 1), QUESTIONS.japanese)).toBe('wrong');
      }),
    );
  });

  it('in English and Vietnamese words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (number) => {
        expect(
          markOf(`Answer: ${englishWords(number)}`, String(number)),
          englishWords(number),
        ).toBe('right');
        const words = vietnameseWords(number);
        expect(markOf(`Đáp án: ${words}`, String(number), QUESTIONS.vietnamese), words).toBe(
          'right',
        );
      }),
    );
  });
});

describe('what digits can mean', () => {
  it.each([
    ['1,234', 'dot', [1234]],
    ['1.234', 'dot', [1.234]],
    ['1,234', 'either', [1234, 1.234]],
    ['1.234', 'either', [1234, 1.234]],
    ['1.500', 'either', [1500]],
    ['1.234.567', 'dot', [1234567]],
    ['1.234,5', 'dot', [1234.5]],
    ['1,234.5', 'either', [1234.5]],
    ['12,34,000', 'dot', [1234000]],
    ['12,34', 'dot', []],
    ['12,34', 'either', [12.34]],
    ['0,5', 'dot', [0.5]],
    ['0.125', 'either', [0.125]],
    ["1'234", 'dot', [1234]],
    ['1.2.3', 'either', []],
    ['1,2,3', 'dot', []],
    ['1,234.567,8', 'dot', []],
    ['0,123,456', 'either', []],
  ] as const)('%s (%s) is %o', (raw, style, readings) => {
    expect(readingsOfDigits(raw, style).map(asDouble)).toEqual(readings);
  });
});

describe('numbers in a text', () => {
  it.each([
    ['about 3 × 10^8 m/s', [3e8]],
    ['1.2 million people', [1.2e6]],
    ['3万2,500円', [32500]],
    ['1億2千万人', [1.2e8]],
    ['1 triệu 500 nghìn đồng', [1.5e6]],
    ['2½ cups', [2.5]],
    ['3 1/2', [3.5]],
    ['½', [0.5]],
    ['room B42, H2O, m2', []],
    ['US$5', [5]],
    ['sqrt(2)', [2]],
  ])('%j has %o', (text, values) => {
    expect(numbersIn(text, 'dot').map(({ readings }) => readings.map(asDouble))).toEqual(
      values.map((value) => [value]),
    );
  });

  it.each(['2024-01-31', '12:30', '1/2/3', '1.2.3', '2^10', '5M', 'the 30s', '5!'])(
    '%j has none that is plain',
    (text) => {
      expect(numbersIn(text, 'dot').flatMap(({ readings }) => readings)).toEqual([]);
    },
  );

  it('is exact beyond what a double holds', () => {
    expect(markOf('Answer: 9007199254740993', '9007199254740992')).toBe('wrong');
    expect(markOf('Answer: 9007199254740993', '9007199254740993')).toBe('right');
    expect(markOf('Answer: 0.1', '0.10000000000000001')).toBe('wrong');
  });

  it('does not fill the memory with a great exponent', () => {
    expect(exactNumber('1e9999')).toBeNull();
    expect(markOf('Answer: 1e9999', '1')).toBe('ungraded');
  });

  it.each([
    ['one of them', []],
    ['ba của tôi', [3]],
    ['tôi có ba', []],
    ['một nghìn không trăm linh năm', [1005]],
    ['mười năm', [10]],
    ['two thirds', [2 / 3]],
    ['one hundred and five', [105]],
  ])('words: %j has %o', (text, values) => {
    expect(wordNumbersIn(text).map(({ value }) => asDouble(value))).toEqual(values);
  });
});

describe('LaTeX', () => {
  it.each([
    ['\\frac{3}{4}', '3/4'],
    ['3\\frac12', '3 1/2'],
    ['\\dfrac{\\text{a}}{b}', 'a/b'],
    ['\\text{km}', 'km'],
    ['5\\%', '5%'],
    ['90^\\circ', '90°'],
    ['90^{\\circ}', '90°'],
    ['\\sqrt{2}', 'sqrt(2)'],
    ['10^{8}', '10^8'],
    ['\\unknown{x}', '\\unknown{x}'],
    ['\\boxed{unclosed', '\\boxed{unclosed'],
  ])('%s is %s', (latex, plain) => {
    expect(plainLatex(latex)).toBe(plain);
  });
});
