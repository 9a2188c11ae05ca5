import { EXPLANATION, PLEASANTRY, TAKES_BACK_IN_LINE, TAKES_BACK_LATER } from './cues.ts';
import { BOX_CLOSE, BOX_OPEN } from './latex.ts';
import { HASHES } from './plain.ts';
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

/** Announcements looked at: who says `Answer:` more often repeats himself. */
const STATEMENTS_FROM_END = 30;
/** Sentences looked at from the end of a text that announces no answer. */
const SENTENCES_FROM_END = 8;
const SENTENCE_CHARS = 600;
const LIST_NUMBER = /^\d{1,2}[.)]\s+(?=\D{2})/;
/** A dot behind one letter (`B. Paris`) ends no sentence. */
const SENTENCE_END = /(?<=[.!?])(?<!(?:^|[\s(])\p{L}\.)\s+|(?<=[。！？])|\n+/u;

/**
 * The final answer of a text, in this order: the last place that announces one (`Answer:`,
 * `\boxed{}`, `####`, `答え`, `Đáp án`) and holds one; what follows it where that takes it back; the
 * last conclusion (`the total is`); the last sentence that holds an answer.
 * @param plain from `plainText`
 * @param cutOff then only an announced answer counts, and only if it surely was complete
 */
export function finalAnswer<T>(plain: string, cutOff: boolean, read: Reader<T>): Reading<T> {
  const readLine: Reader<T> = (segment, stated) => readLastVersion(bare(segment), stated, read);
  const announced = finalStatements(plain).slice(-STATEMENTS_FROM_END);
  const stated = lastStated(plain, announced, cutOff, readLine);
  if (stated !== null) return stated;
  if (cutOff) return { kind: 'unclear', reason: 'cut off before its final answer', shown: '' };
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
  for (let index = sentences.length - 1; index >= 0 && looked < SENTENCES_FROM_END; index -= 1) {
    const sentence = sentences[index] as string;
    looked += 1;
    if (index > 0 && (PLEASANTRY.test(sentence) || EXPLANATION.test(sentence))) continue;
    const reading = read(sentence, false);
    if (reading.kind !== 'none') return reading;
  }
  return { kind: 'none', reason: 'no answer found' };
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
  return segment.replace(/^[\s"'「『<*:,、]+/u, '').replace(/[\s"'」』>*]+$/u, '');
}
