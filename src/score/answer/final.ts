import {
  CONTRAST,
  EXPLANATION,
  HYPOTHETICAL,
  OTHERS_VIEW,
  PLEASANTRY,
  TAKES_BACK_FIRST,
  TAKES_BACK_IN_LINE,
  TAKES_BACK_LATER,
} from './cues.ts';
import { BOX_CLOSE, BOX_OPEN } from './latex.ts';
import { HASHES, plainText } from './plain.ts';
import { conclusions, finalStatements, type Statement } from './statements.ts';

/** What a piece of text gives as its answer. */
export type Reading<T> =
  | { kind: 'value'; value: T; shown: string }
  /** It speaks of the answer, and nobody can say which one it means. */
  | { kind: 'unclear'; reason: string; shown: string }
  /** It holds no answer of the wanted sort. */
  | { kind: 'none'; reason: string };

/** `stated`: behind words such as `Answer:`, so that its beginning is the answer. */
export type Reader<T> = (segment: string, stated: boolean) => Reading<T>;

/** Of a reply that was cut off before it announced an answer. */
export const CUT_OFF = {
  kind: 'unclear',
  reason: 'cut off before its final answer',
  shown: '',
} as const;

/** A final answer stands at the end; of a longer text only this much is searched for it. */
const SEARCHED_CHARS = 32_000;
/** Where it nearly always is: searched first, because it takes a tenth of the time. */
const ENDING_CHARS = 3_000;
/** Announcements looked at: who says `Answer:` more often repeats himself. */
const STATEMENTS_FROM_END = 30;
/** Sentences looked at from the end of a text that announces no answer. */
const SENTENCES_FROM_END = 8;
const SENTENCE_CHARS = 600;
/** Several words and a question mark. */
const QUESTION = /\S\s+\S.*\?[\s"')]*$/u;
const LIST_NUMBER = /^\d{1,2}[.)]\s+(?=\D{2})/;
/** A dot behind one letter (`B. Paris`) ends no sentence. */
const SENTENCE_END = /(?<=[.!?])(?<!(?:^|[\s(])\p{L}\.)\s+|(?<=[。！？])|\n+/u;

/**
 * The final answer of a text, in this order: the last place that announces one (`Answer:`,
 * `\boxed{}`, `####`, `答え`, `Đáp án`) and holds one; what follows it where that takes it back; the
 * last conclusion (`the total is`); the last sentence that holds an answer.
 * @param text as the model wrote it; its last 32,000 characters are looked at
 * @param cutOff then only an announced answer counts, and only if it surely was complete
 */
export function finalAnswer<T>(text: string, cutOff: boolean, read: Reader<T>): Reading<T> {
  const announced = announcedAnswer(text, cutOff, read);
  return announced ?? (cutOff ? CUT_OFF : concludedAnswer(text, read));
}

/** The last answer that is announced as one; `null` where none is. */
export function announcedAnswer<T>(
  text: string,
  cutOff: boolean,
  read: Reader<T>,
): Reading<T> | null {
  const readLine = lastVersions(read);
  const ending = lastLines(text, ENDING_CHARS);
  if (ending.length < text.length) {
    const stated = lastAnnounced(plainText(ending), cutOff, readLine);
    if (stated !== null) return stated;
  }
  return lastAnnounced(plainText(text.slice(-SEARCHED_CHARS)), cutOff, readLine);
}

/** What a text that announces no answer concludes, or says last. */
export function concludedAnswer<T>(text: string, read: Reader<T>): Reading<T> {
  const readLine = lastVersions(read);
  const plain = plainText(text.slice(-SEARCHED_CHARS));
  const concluded = lastStated(
    plain,
    conclusions(plain).slice(-STATEMENTS_FROM_END),
    false,
    readLine,
  );
  const last = lastSentence(plain, readLine);
  if (concluded === null || last.kind === 'value') return last;
  return concluded;
}

function lastAnnounced<T>(plain: string, cutOff: boolean, read: Reader<T>): Reading<T> | null {
  return lastStated(plain, finalStatements(plain).slice(-STATEMENTS_FROM_END), cutOff, read);
}

/** The end of a text, from the beginning of a line on. */
function lastLines(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const newline = text.indexOf('\n', text.length - chars);
  return newline < 0 ? '' : text.slice(newline + 1);
}

function lastStated<T>(
  plain: string,
  statements: readonly Statement[],
  cutOff: boolean,
  read: Reader<T>,
): Reading<T> | null {
  for (let index = statements.length - 1; index >= 0; index -= 1) {
    const statement = statements[index] as Statement;
    if (cutOff && !statement.complete) continue;
    const reading = read(statement.segment, true);
    if (statement.conditional && reading.kind === 'value' && index > 0) {
      return {
        kind: 'unclear',
        reason: 'gives another answer on a condition',
        shown: reading.shown,
      };
    }
    const rest = plain.slice(statement.to);
    if (reading.kind === 'value') return takenBack(rest, reading, read);
    if (reading.kind === 'unclear') return reading;
    if (index === statements.length - 1 && !cutOff) {
      const later = lastSentence(rest, read);
      if (later.kind === 'value') return later;
    }
  }
  return null;
}

/** `Answer: 42` and then `Wait, I forgot one`: what follows counts, and if it says nothing, nobody knows. */
function takenBack<T>(
  rest: string,
  given: Reading<T> & { kind: 'value' },
  read: Reader<T>,
): Reading<T> {
  const retraction = TAKES_BACK_LATER.exec(rest);
  if (retraction === null) return given;
  const later = lastSentence(rest.slice(retraction.index), read);
  if (later.kind === 'value') return later;
  return { kind: 'unclear', reason: 'takes its answer back', shown: given.shown };
}

/** Reads the last version of what a piece of text says, without the marks around it. */
export function lastVersions<T>(read: Reader<T>): Reader<T> {
  return (segment, stated) => readLastVersion(bare(segment), stated, read);
}

/** `12… no, 15`: the last version counts; one that only takes back leaves nothing. */
function readLastVersion<T>(segment: string, stated: boolean, read: Reader<T>): Reading<T> {
  const retractions = [...segment.matchAll(TAKES_BACK_IN_LINE)];
  const last = retractions.at(-1);
  if (last === undefined) return read(segment, stated);
  const reading = read(trimmed(segment.slice(last.index + last[0].length)), stated);
  if (reading.kind === 'value') return reading;
  const before = read(segment.slice(0, retractions[0]?.index ?? 0), stated);
  if (before.kind === 'none') return read(segment, stated);
  return { kind: 'unclear', reason: 'takes its answer back', shown: segment };
}

function lastSentence<T>(text: string, read: Reader<T>): Reading<T> {
  const sentences = sentencesOf(text);
  let looked = 0;
  let takesBack = false;
  for (let index = sentences.length - 1; index >= 0 && looked < SENTENCES_FROM_END; index -= 1) {
    const sentence = ownView(sentences[index] as string);
    looked += 1;
    if (sentence === '' || (index > 0 && isAside(sentence))) continue;
    const first = read(sentence, false);
    const taken = first.kind === 'none' ? TAKES_BACK_FIRST.exec(sentence) : null;
    const reading = taken === null ? first : read(sentence.slice(taken[0].length), false);
    if (reading.kind === 'value' && takesBack) {
      return { kind: 'unclear', reason: 'takes its answer back', shown: sentence };
    }
    if (reading.kind === 'value' && QUESTION.test(sentence)) {
      return { kind: 'unclear', reason: 'only asks', shown: sentence };
    }
    if (reading.kind !== 'none') return reading;
    takesBack ||= TAKES_BACK_LATER.test(sentence);
  }
  return { kind: 'none', reason: 'no answer found' };
}

/** `Many pick A, but it is B`: what the writer says; nothing where that is all others hold. */
function ownView(sentence: string): string {
  if (!OTHERS_VIEW.test(sentence)) return sentence;
  const turn = [...sentence.matchAll(CONTRAST)].at(-1);
  return turn === undefined ? '' : trimmed(sentence.slice(turn.index + turn[0].length));
}

/** Not about the answer to what was asked. */
function isAside(sentence: string): boolean {
  return PLEASANTRY.test(sentence) || EXPLANATION.test(sentence) || HYPOTHETICAL.test(sentence);
}

/** The last sentences of a text; a dot within a number ends none. */
function sentencesOf(text: string): string[] {
  return text
    .slice(-SENTENCES_FROM_END * SENTENCE_CHARS)
    .split(SENTENCE_END)
    .map((sentence) => sentence.trim().replace(LIST_NUMBER, ''))
    .filter((sentence) => sentence !== '')
    .map((sentence) => sentence.slice(-SENTENCE_CHARS));
}

/** Without the marks that stand for `\boxed` and `####`, and without wrapping. */
function bare(segment: string): string {
  return trimmed(
    segment.replaceAll(BOX_OPEN, ' ').replaceAll(BOX_CLOSE, ' ').replaceAll(HASHES, ' '),
  );
}

function trimmed(segment: string): string {
  return segment.replace(/^[\s"'「『<*:,、|]+/u, '').replace(/[\s"'」』>*}\]|]+$/u, '');
}
