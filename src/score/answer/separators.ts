import { type Exact, exactNumber } from './exact.ts';

/**
 * Who writes `1,234` for twelve hundred and who for one and a bit: `dot` writes decimals with a dot
 * only (English, Japanese), `either` may do both (Vietnamese and most of Europe, or nobody knows).
 */
export type DecimalStyle = 'dot' | 'either';

const VIETNAMESE_OR_EUROPEAN =
  /[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ€₫]|\b(?:VND|EUR|der|die|und|est|les|una|los|che)\b/i;
const JAPANESE = /[\u3040-\u30FF\u4E00-\u9FFF]/;
const ENGLISH = /\b(?:the|is|are|what|how|of|answer|total|there|and|so|we|it|give|in)\b/i;

/** The style in which a text and the question it answers write numbers. */
export function decimalStyleOf(text: string, question: string): DecimalStyle {
  const both = `${text.slice(-2_000)}\n${question.slice(-2_000)}`;
  if (VIETNAMESE_OR_EUROPEAN.test(both)) return 'either';
  return JAPANESE.test(both) || ENGLISH.test(both) ? 'dot' : 'either';
}

/**
 * What digits with separators can honestly mean.
 * @param raw digits with `.`, `,`, `'` or spaces between them, no sign
 * @returns one reading, two where both are honest, none where it is no number
 */
export function readingsOfDigits(raw: string, style: DecimalStyle): Exact[] {
  const digits = raw.replace(/[ ]/g, '');
  const groups = digits.split(/[.,']/);
  const separators = digits.replace(/\d/g, '');
  if (separators === '') return numbers(digits);
  const kinds = new Set(separators);
  if (kinds.size > 1) return mixed(digits, separators);
  const [separator = ''] = kinds;
  const last = groups.at(-1) ?? '';
  if (separators.length > 1) {
    return areThousands(groups) || (separator === ',' && areLakhs(groups))
      ? numbers(groups.join(''))
      : [];
  }
  const decimal = digits.replace(/[,']/, '.');
  if (separator === "'") return areThousands(groups) ? numbers(groups.join('')) : [];
  if (!areThousands(groups)) {
    // `0,5` has a decimal comma whoever wrote it; `3,5` may be a list where decimals have a dot.
    return separator === '.' || style === 'either' || groups[0] === '0' ? numbers(decimal) : [];
  }
  if (style === 'dot') return numbers(separator === '.' ? decimal : groups.join(''));
  // `1.500` as one and a half would be written `1.5`.
  return last.endsWith('0')
    ? numbers(groups.join(''))
    : [...numbers(groups.join('')), ...numbers(decimal)];
}

/** `1,234.5` and `1.234,5`: what comes last, and once, is the decimal sign. */
function mixed(digits: string, separators: string): Exact[] {
  const sign = separators.at(-1) ?? '';
  const before = separators.slice(0, -1);
  if (sign === "'" || before.includes(sign) || new Set(before).size > 1) return [];
  const at = digits.lastIndexOf(sign);
  const groups = digits.slice(0, at).split(/[.,']/);
  if (!areThousands(groups) && !areLakhs(groups)) return [];
  return numbers(`${groups.join('')}.${digits.slice(at + 1)}`);
}

function areThousands([first = '', ...rest]: readonly string[]): boolean {
  return /^[1-9]\d{0,2}$/.test(first) && rest.every((group) => group.length === 3);
}

/** `12,34,000`, as India writes it. */
function areLakhs(groups: readonly string[]): boolean {
  const [first = '', ...rest] = groups;
  return (
    /^[1-9]\d?$/.test(first) &&
    rest.at(-1)?.length === 3 &&
    rest.slice(0, -1).every((group) => group.length === 2)
  );
}

function numbers(plain: string): Exact[] {
  const exact = exactNumber(plain);
  return exact === null ? [] : [exact];
}
