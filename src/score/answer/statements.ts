import { HYPOTHETICAL, NOT_OWN } from './cues.ts';
import { BOX_CLOSE, BOX_OPEN } from './latex.ts';
import { HASHES } from './plain.ts';

/** A place where a text says what its answer is. */
export interface Statement {
  /** What follows the words that announce it: the rest of their line, or of the next one with text. */
  segment: string;
  /** Offset behind the segment. */
  to: number;
  /** Whether it certainly ended before the text did: a cut-off one may lack digits. */
  complete: boolean;
  /** Its sentence begins with `if`: where another stands before, that was perhaps of what was asked. */
  conditional: boolean;
}

const LONGEST_SEGMENT_CHARS = 600;
/** Enough to see whose answer it is. */
const BEFORE_CHARS = 120;

const ENGLISH =
  "\\b(?:answers?|ans)\\b[\"']?(?:\\s(?:to|of|for|here|above)(?:\\s[\\w']+){0,8}?)?\\s{0,3}" +
  "(?:(?:is|was|are|would be|should be|must be|will be|becomes|=)(?![\\w'])[ ]{0,3}:?|:|-(?=\\s)|–|—|$)" +
  '|\\b(?:correct|right|best)\\s(?:option|choice|letter|one|statement)\\s(?:is|would be|=)(?!\\w)\\s?:?';
const JAPANESE =
  '(?:答え|正しい(?:選択肢|記号|もの)|解答|回答|答案|正解|こたえ|正答|答)\\s{0,3}(?:[】\\]」〉》]\\s{0,3}:?|とし?ては|は|:|=|→|$)[、,]?';
const VIETNAMESE =
  '(?:đáp án|đáp số|câu trả lời)(?:\\s(?:đúng|cuối cùng|chính xác|cần tìm|của (?:bài toán|câu hỏi|bài|tôi)|nhất|phải|sẽ))*\\s{0,3}' +
  '(?:(?:là|=)(?!\\p{L})\\s{0,3}:?|:|-(?=\\s)|$|(?=không phải)|(?=[A-J](?!\\p{L})))' +
  '|trả lời\\s{0,3}:';

const CONDITION = /^\s*(?:if|nếu)\s|(?:たら|れば|なら)、/iu;

/** Announcements that leave no doubt. */
const FINAL = new RegExp(`(?:${ENGLISH}|${JAPANESE}|${VIETNAMESE}|${HASHES}|${BOX_OPEN})`, 'gimu');

/** Conclusions: they count where nothing is announced as the answer. */
const CONCLUSION =
  /(?:\b(?:result|solution|total)\b[^\n:.=]{0,40}?(?:\bis\b|\bequals\b|:|=)|(?:結果|合計|結論)[^\n。、]{0,10}?(?:は|:|=)[、,]?|(?:kết quả|tổng cộng|kết luận)[^\n:.=]{0,30}?(?:là(?!\p{L})|:|=))/gimu;

/** Where a text states its final answer, in order. */
export function finalStatements(plain: string): Statement[] {
  return statementsOf(plain, FINAL);
}

/** Where it draws a conclusion, in order. */
export function conclusions(plain: string): Statement[] {
  return statementsOf(plain, CONCLUSION);
}

function statementsOf(plain: string, markers: RegExp): Statement[] {
  const statements: Statement[] = [];
  for (const marker of plain.matchAll(markers)) {
    const from = marker.index + marker[0].length;
    if (marker[0] === BOX_OPEN) statements.push(boxedFrom(plain, from));
    else if (isMeant(plain, marker.index, from)) {
      const conditional = CONDITION.test(sentenceBefore(plain, marker.index));
      statements.push({ ...lineFrom(plain, from), conditional });
    }
  }
  return statements;
}

/** Whether it is the writer's own answer, and to what was asked. */
function isMeant(plain: string, from: number, to: number): boolean {
  const before = plain.slice(Math.max(0, from - BEFORE_CHARS), from);
  if (NOT_OWN.test(before)) return false;
  return !HYPOTHETICAL.test(sentenceBefore(plain, from) + plain.slice(from, to));
}

/** What stands before a place in its sentence. */
function sentenceBefore(plain: string, at: number): string {
  const before = plain.slice(Math.max(0, at - BEFORE_CHARS), at);
  return before.slice(1 + Math.max(...['.', '!', '?', '\n'].map((end) => before.lastIndexOf(end))));
}

function boxedFrom(plain: string, from: number): Statement {
  const close = plain.indexOf(BOX_CLOSE, from);
  const to = close < 0 ? plain.length : close;
  return { segment: plain.slice(from, to), to, complete: close >= 0, conditional: false };
}

function lineFrom(plain: string, from: number): Omit<Statement, 'conditional'> {
  const blank = /^[\s:"*]{0,12}/.exec(plain.slice(from, from + 12))?.[0].length ?? 0;
  const start = from + blank;
  const newline = plain.indexOf('\n', start);
  const end = newline < 0 ? plain.length : newline;
  const to = Math.min(end, start + LONGEST_SEGMENT_CHARS);
  return { segment: plain.slice(start, to), to, complete: newline >= 0 || to < end };
}
