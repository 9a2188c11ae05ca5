import type { OwnRule, RuleArgument } from '../../suite/rule-schema.ts';
import { wholeJson } from '../json/find.ts';
import { COUNTS, type Counted, linesOf } from './count.ts';
import { forGood, type Verdict, verdict } from './verdict.ts';

type Rules = { [R in OwnRule]: (text: string, argument: RuleArgument<R>) => Verdict };

/** The rules of suites; texts come with `\n` for line breaks and without blanks at their ends. */
export const OWN_RULES: Rules = {
  min_words: atLeast('words'),
  max_words: atMost('words'),
  exact_words: exactly('words'),
  min_sentences: atLeast('sentences'),
  max_sentences: atMost('sentences'),
  exact_sentences: exactly('sentences'),
  min_lines: atLeast('lines'),
  max_lines: atMost('lines'),
  exact_lines: exactly('lines'),
  min_characters: atLeast('characters'),
  max_characters: atMost('characters'),
  exact_characters: exactly('characters'),
  paragraphs: exactly('paragraphs'),
  bullets: (text, wanted) => {
    const lines = linesOf(text);
    const other = lines.find((line) => !/^\s*[-*•‣–・]\s*\S/u.test(line));
    if (other !== undefined) return forGood(false, 'has a line that is no bullet point');
    return upTo(lines.length, wanted, 'bullet points');
  },
  numbered: (text, wanted) => {
    const lines = linesOf(text);
    const isNext = (line: string, index: number) =>
      new RegExp(`^\\s*(?:\\*\\*)?${index + 1}[.)．、]\\s*\\S`, 'u').test(line);
    if (!lines.every(isNext)) return forGood(false, 'has a line that is no numbered step');
    return upTo(lines.length, wanted, 'numbered steps');
  },
  no_blank_lines: (text) => forGood(!/\n[^\S\n]*\n/.test(text), 'has a blank line'),
  no_character: (text, characters) => {
    const there = [...text.normalize('NFC').toLowerCase()];
    const unwanted = [...characters.normalize('NFC').toLowerCase()];
    const found = unwanted.find((character) => there.includes(character));
    return forGood(found === undefined, `has the character ${found}`);
  },
  starts_with: (text, start) => {
    const kept = text.normalize('NFC').startsWith(start.normalize('NFC'));
    return forGood(kept, `does not start with "${start}"`);
  },
  ends_with: (text, end) => {
    const kept = text.normalize('NFC').endsWith(end.normalize('NFC'));
    return verdict(kept, `does not end with "${end}"`);
  },
  lowercase: (text) => {
    if (/\p{Lu}/u.test(text)) return forGood(false, 'has a capital letter');
    return verdict(/\p{L}/u.test(text), 'has no letter');
  },
  uppercase: (text) => {
    if (/\p{Ll}/u.test(text)) return forGood(false, 'has a lower-case letter');
    return verdict(/\p{L}/u.test(text), 'has no letter');
  },
  json_keys: (text, keys) => {
    const value = wholeJson(text)?.value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return verdict(false, 'is no JSON object by itself');
    }
    const given = Object.keys(value).sort();
    const kept = given.join('\n') === [...keys].sort().join('\n');
    return verdict(kept, `has the keys ${given.join(', ')}`);
  },
};

function atLeast(counted: Counted) {
  return (text: string, wanted: number): Verdict => {
    const count = COUNTS[counted](text);
    return verdict(count >= wanted, `has ${count} ${counted}, fewer than ${wanted}`);
  };
}

function atMost(counted: Counted) {
  return (text: string, wanted: number): Verdict => {
    const count = COUNTS[counted](text);
    return forGood(count <= wanted, `has ${count} ${counted}, more than ${wanted}`);
  };
}

function exactly(counted: Counted) {
  return (text: string, wanted: number): Verdict => upTo(COUNTS[counted](text), wanted, counted);
}

/** Too few may become more; too many stay too many. */
function upTo(count: number, wanted: number, what: string): Verdict {
  const fault = `has ${count} ${what}, not ${wanted}`;
  return count > wanted ? forGood(false, fault) : verdict(count === wanted, fault);
}
