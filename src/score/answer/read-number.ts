import {
  BOUND_AFTER,
  BOUND_BEFORE,
  CHANGED_AFTER,
  CHANGED_BEFORE,
  DENIED_AFTER,
  DENIED_BEFORE,
  DEPENDS,
  OR_BETWEEN,
  RANGE_BETWEEN,
} from './cues.ts';
import { withDurations } from './durations.ts';
import type { Reader, Reading } from './final.ts';
import { allEqual, type NumberToken, numbersIn } from './numbers.ts';
import type { DecimalStyle } from './separators.ts';

/** What is known of the question while its answer is read. */
export interface NumberContext {
  style: DecimalStyle;
  /** Numbers that the question names: repeated in an answer, they are seldom the answer. */
  asked: readonly NumberToken[];
}

/** What only explains the number before it. */
const REASON =
  /[,;]?\s(?:because|since|as|although|though|while|whereas|but|which|where|given|after|when|if|so that|vì|bởi|do|nhưng|mặc dù|trong khi)\s|[(（]|;(?!\s*[-\d.,]+\s*$)|。|[.!?](?=\s|$)|(?:なぜなら|ただし)/iu;
/** What gives the cause of a sentence that stands before it. */
const CAUSE = /[,;]?\s(?:because|since|vì|bởi)\s|\s[—–(]|(?<=[\u3040-\u9FFF])\(/iu;
/** What the number after it is only a circumstance of: `in 7 bags`, `trong 7 túi`. */
const CIRCUMSTANCE_BEFORE =
  /(?:\b(?:in|into|after|within|of|from|with|at|on|by|per|for|out of|among|over|every|each|when)|trong|sau|với|từ|của|mỗi|cho|ở|khi|vào)\s(?:the |all |all of the |these |những |các )?\$?$/iu;
const CIRCUMSTANCE_AFTER = /^[^\d\s、。,.]{0,4}?(?:で|に|の|から|ずつ|後|間|を|と|は)/u;
const CONNECTS =
  /^[^\d\n]{0,40}?(?:\b(?:in|out of|of|for|with|per|from|each|every|at)\b|\/|×|trong|của|cho|mỗi|với)[^\d\n]{0,20}$/iu;
const OPERATOR = /^\s?[^\d\s]{0,3}\s?[+×*·÷/^]\s?\(?$/u;
const APPROXIMATELY =
  /^(?:(?:about|approximately|around|roughly|exactly|just|only|approx\.?|khoảng|xấp xỉ|đúng|là|約|およそ|ちょうど|the|a total of|có|tăng|[a-z]\s?=|[≈~=$¥£€]|US\$?|USD|số|tổng|it is|it's|tất cả)\s{0,2})*[-+−]?[$¥£€]?$/iu;
const EQUALS_SIGN = /[=≈]/gu;
const EQUALS =
  /[=≈]|\b(?:equals?|makes|gives)\b|(?:^|\s)(?:bằng|là)(?=\s)|\b(?:is|are|was|were)\b(?=\s)/giu;
const JAPANESE_CAUSE = /ので、?|から、|ため、/gu;
const CLAUSE_END =
  /ので|から、|ため、?|て、|が、|けど、?|、|,\s(?:so|thus|hence|therefore|giving|which (?:gives|makes))\b|→|\bso\b|,?\s(?:nên|vậy|suy ra|do đó)\s/giu;

/** Reads the number that a piece of text gives as its answer. */
export function numberReader(context: NumberContext): Reader<NumberToken> {
  return (segment, stated) => {
    const tokens = withDurations(segment, numbersIn(segment, context.style));
    const live = tokens.filter((token) => !isDenied(segment, token));
    if (tokens.length === 0) return { kind: 'none', reason: 'no number in it' };
    if (DEPENDS.test(segment)) return unclear('depends on a condition', segment);
    if (live.length === 0) return unclear('says only what it is not', segment);
    return readLive(segment, live, stated, context);
  };
}

function readLive(
  segment: string,
  tokens: readonly NumberToken[],
  stated: boolean,
  context: NumberContext,
): Reading<NumberToken> {
  const equated = stated ? null : lastPart(segment, tokens, EQUALS_SIGN);
  if (equated !== null) return readLive(segment, equated, stated, context);
  const head = untilReason(segment, tokens, stated ? REASON : CAUSE);
  const [only] = head;
  const afterSign = lastPart(segment, head, EQUALS_SIGN);
  if (afterSign !== null) return readLive(segment, afterSign, stated, context);
  const hedged = hedgeIn(segment, head);
  if (hedged) return unclear('names more than one number, or a bound', segment);
  if (only !== undefined && (head.length === 1 || allEqual(head))) return value(segment, only);

  const news = newsAmong(segment, head, context);
  if (news !== null) return value(segment, news);
  const afterEquals = lastPart(segment, head, EQUALS);
  if (afterEquals !== null) return readLive(segment, afterEquals, stated, context);
  const becauseOf = lastPart(segment, head, JAPANESE_CAUSE);
  if (becauseOf !== null) return readLive(segment, becauseOf, stated, context);
  if (stated && only !== undefined && startsWithIt(segment, head, context)) {
    return value(segment, only);
  }
  if (!stated && head.every((token) => isAsked(token, context.asked))) {
    return unclear('only repeats the question', segment);
  }
  const afterClause = stated ? null : lastPart(segment, head, CLAUSE_END);
  if (afterClause !== null) return readLive(segment, afterClause, stated, context);
  return unclear('names several numbers', segment);
}

function value(segment: string, token: NumberToken): Reading<NumberToken> {
  const shown = segment.slice(token.from, token.to);
  if (token.readings.length === 0) return unclear('is no plain number', segment);
  const before = segment.slice(Math.max(0, token.from - 40), token.from);
  const after = segment.slice(token.to, token.to + 40);
  if (CHANGED_BEFORE.test(before) || CHANGED_AFTER.test(after)) {
    return unclear('is a number still to be worked on', segment);
  }
  return { kind: 'value', value: token, shown };
}

function unclear(reason: string, shown: string): Reading<NumberToken> {
  return { kind: 'unclear', reason, shown };
}

function isDenied(segment: string, { from, to }: NumberToken): boolean {
  return (
    DENIED_BEFORE.test(segment.slice(Math.max(0, from - 40), from)) ||
    DENIED_AFTER.test(segment.slice(to, to + 40))
  );
}

/** `13 (6 + 7), although …`: what comes before the reason, where that holds a number. */
function untilReason(
  segment: string,
  tokens: readonly NumberToken[],
  reasons: RegExp,
): readonly NumberToken[] {
  const first = tokens[0];
  if (first === undefined) return tokens;
  const reason = reasons.exec(segment.slice(first.to));
  if (reason === null) return tokens;
  const end = first.to + reason.index;
  return tokens.filter(({ from }) => from < end);
}

function hedgeIn(segment: string, tokens: readonly NumberToken[]): boolean {
  return tokens.some((token, index) => {
    const previous = tokens[index - 1];
    const before = segment.slice(Math.max(0, token.from - 30), token.from);
    const after = segment.slice(token.to, token.to + 24);
    if (BOUND_BEFORE.test(before) || BOUND_AFTER.test(after)) return true;
    if (previous === undefined || allEqual([previous, token])) return false;
    const between = segment.slice(previous.to, token.from);
    return OR_BETWEEN.test(between) || RANGE_BETWEEN.test(between);
  });
}

/** The numbers behind the last `=` (or end of a clause) that has some behind it and some before. */
function lastPart(
  segment: string,
  tokens: readonly NumberToken[],
  divider: RegExp,
): NumberToken[] | null {
  const dividers = [...segment.matchAll(divider)].reverse();
  for (const { index } of dividers) {
    const behind = tokens.filter(({ from }) => from > index);
    if (behind.length > 0 && behind.length < tokens.length) return behind;
  }
  return null;
}

/** `42 apples in 7 bags`: the first number is the answer, the others are circumstances of it. */
function startsWithIt(
  segment: string,
  [first, second]: readonly NumberToken[],
  { asked }: NumberContext,
): boolean {
  if (first === undefined || !APPROXIMATELY.test(segment.slice(0, first.from))) return false;
  // `7 bags with 42 apples`, where the question speaks of 7 bags: either could be meant.
  if (isAsked(first, asked) && second !== undefined && !isAsked(second, asked)) return false;
  const between = segment.slice(first.to, second?.from ?? segment.length);
  return !OPERATOR.test(between) && CONNECTS.test(between);
}

function isAsked(token: NumberToken, asked: readonly NumberToken[]): boolean {
  return asked.some((known) => allEqual([known, token]));
}

/** The one number that the question does not name, where the others are circumstances. */
function newsAmong(
  segment: string,
  tokens: readonly NumberToken[],
  { asked }: NumberContext,
): NumberToken | null {
  const news = tokens.filter((token) => !isAsked(token, asked));
  const [found] = news;
  if (found === undefined || news.length > 1) return null;
  const later = tokens.filter(({ from }) => from > found.from);
  const circumstances = later.every(({ from, to }) => {
    const before = segment.slice(Math.max(0, from - 30), from);
    return CIRCUMSTANCE_BEFORE.test(before) || CIRCUMSTANCE_AFTER.test(segment.slice(to, to + 8));
  });
  const previous = tokens[tokens.indexOf(found) - 1];
  const joined = previous && OPERATOR.test(segment.slice(previous.to, found.from));
  return circumstances && !joined ? found : null;
}
