import { ownOf } from '../../own.ts';
/** Around what stood in `\boxed{…}`; private characters, so that no text holds them by chance. */
export const BOX_OPEN = '\uE000';
export const BOX_CLOSE = '\uE001';

/** A group longer than this is no answer; the limit keeps unclosed braces from being searched again and again. */
const LONGEST_GROUP_CHARS = 1_000;
const DEEPEST_GROUP = 12;

/** Commands that say how their argument looks. */
const LOOKS = new Set(
  'text textbf textit textrm texttt textsf mathrm mathbf mathit mathsf mathtt mathbb operatorname mbox emph underline bm boldsymbol bf ce'.split(
    ' ',
  ),
);
const FRACTIONS = new Set(['frac', 'dfrac', 'tfrac', 'cfrac']);
const BOXES = new Set(['boxed', 'fbox', 'framebox']);

const SIGNS: Readonly<Record<string, string>> = {
  times: '×',
  cdot: '×',
  div: '÷',
  approx: '≈',
  simeq: '≈',
  sim: '≈',
  pm: '±',
  mp: '±',
  ge: '≥',
  geq: '≥',
  gt: '>',
  le: '≤',
  leq: '≤',
  lt: '<',
  ne: '≠',
  neq: '≠',
  equiv: '=',
  circ: '°',
  degree: '°',
  infty: '∞',
  pi: 'π',
  ldots: '…',
  dots: '…',
  to: '→',
  rightarrow: '→',
  Rightarrow: '→',
  implies: '→',
  therefore: '∴ ',
  quad: ' ',
  qquad: ' ',
  left: '',
  right: '',
  displaystyle: '',
};

/** Commands of one character: escapes stay, spaces are spaces, delimiters of mathematics go. */
const ESCAPES: Readonly<Record<string, string>> = {
  ',': ' ',
  ';': ' ',
  ':': ' ',
  ' ': ' ',
  '!': '',
  '(': ' ',
  ')': ' ',
  '[': ' ',
  ']': ' ',
  '\\': '\n',
};

/**
 * LaTeX as one would type it without: `\frac{3}{4}` is `3/4`, `\text{km}` is `km`, `\%` is `%`.
 * `\boxed{…}` is kept between `BOX_OPEN` and `BOX_CLOSE`. What is not known stays as it is.
 */
export function plainLatex(text: string, depth = 0): string {
  if (!/[\\{]/.test(text)) return text;
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('\\', at);
    if (next < 0) break;
    plain += text.slice(at, next);
    const command = readCommand(text, next + 1, plain, depth);
    plain += command.plain;
    at = command.to;
  }
  return (plain + text.slice(at))
    .replaceAll('{,}', ',')
    .replace(/\^\{([^{}]{0,20})\}/g, '^$1')
    .replace(/\^°/g, '°');
}

interface Piece {
  plain: string;
  to: number;
}

function readCommand(text: string, from: number, before: string, depth: number): Piece {
  const name = /^[A-Za-z]+/.exec(text.slice(from, from + 20))?.[0];
  if (name === undefined) {
    const sign = text[from] ?? '';
    return { plain: ownOf(ESCAPES, sign) ?? sign, to: from + 1 };
  }
  const after = from + name.length;
  const sign = ownOf(SIGNS, name);
  if (sign !== undefined) return { plain: sign, to: after };
  if (depth < DEEPEST_GROUP) {
    if (FRACTIONS.has(name)) return readFraction(text, after, before, depth) ?? asIs(name, after);
    const argument = readGroup(text, after, depth);
    if (argument !== null) {
      if (BOXES.has(name)) {
        return { plain: `${BOX_OPEN}${argument.plain}${BOX_CLOSE}`, to: argument.to };
      }
      if (LOOKS.has(name)) return argument;
      if (name === 'sqrt') return { plain: `sqrt(${argument.plain})`, to: argument.to };
    }
  }
  return asIs(name, after);
}

function readFraction(text: string, from: number, before: string, depth: number): Piece | null {
  const short = /^\s?(\d)(\d)/.exec(text.slice(from, from + 3));
  const upper = short ? null : readGroup(text, from, depth);
  const lower = upper === null ? null : readGroup(text, upper.to, depth);
  // 3\frac{1}{2} is a mixed number: a space keeps it from being 31/2.
  const space = /\d$/.test(before) ? ' ' : '';
  if (short) return { plain: `${space}${short[1]}/${short[2]}`, to: from + short[0].length };
  if (upper === null || lower === null) return null;
  return { plain: `${space}${upper.plain.trim()}/${lower.plain.trim()}`, to: lower.to };
}

/** The group in braces that begins at `from`, white space before it apart; `null` where none does. */
function readGroup(text: string, from: number, depth: number): Piece | null {
  let at = from;
  while (text[at] === ' ') at += 1;
  if (text[at] !== '{') return null;
  const start = at + 1;
  const end = Math.min(text.length, start + LONGEST_GROUP_CHARS);
  let open = 1;
  for (at = start; at < end; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '{') open += 1;
    else if (text[at] === '}') open -= 1;
    if (open === 0) return { plain: plainLatex(text.slice(start, at), depth + 1), to: at + 1 };
  }
  return null;
}

function asIs(name: string, to: number): Piece {
  return { plain: `\\${name}`, to };
}
