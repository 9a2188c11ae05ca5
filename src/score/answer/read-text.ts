import { DENIED_AFTER, DENIED_BEFORE } from './cues.ts';
import type { Reader } from './final.ts';

const ARTICLE = /^(?:the|an?)\s+/;
const POLITE_END = /(?:でございます|であります|です|である|だ|になります|となります)(?:よ|ね)?$/u;
const VIETNAMESE_POLITE_END = /\s(?:ạ|nhé|nha|đấy|thôi)$/u;
const EDGES = /^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu;
const COPULA = /(?:\s(?:is|are|was|were|be|becomes|là)\s|(?:it|that)'s\s|[はがも]、?)/giu;
const SIGN_AT_EDGE = /^[-+−$€£¥]|[%°+]$/u;
const OTHERS = /\s(?:or|and|hoặc|hay|và|&)\s|[、/]|または|もしくは|か(?!ら)|と/iu;
const APPOSITION =
  /^\s?(?:[,.;:(—–-]|、|。)\s*(?:(?<=\()(?![^)]{0,80}(?:\bor\b|hoặc|または|か))|the|an?|which|who|where|because|since|as|so|it|this|that|in|with|although|though|thành phố|thủ đô|vì|nơi|là|だから|なぜなら|$)/iu;
const REASON = /^\s(?:because|since|as|which|vì|bởi)\s/iu;

/**
 * A text as answers are compared: without case, width, articles, outer punctuation and Japanese
 * `です`. Inner punctuation counts.
 */
export function normalForm(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().replace(/[‘’]/g, "'").replace(/\s+/g, ' ');
  const core = folded
    .replace(EDGES, '')
    .replace(POLITE_END, '')
    .replace(VIETNAMESE_POLITE_END, '')
    .replace(EDGES, '');
  // Where the sign at the edge is all there is, or makes a number of it, it counts.
  if (core === '' || (/^[\d.,]+$/.test(core) && SIGN_AT_EDGE.test(folded.trim()))) {
    return folded.trim();
  }
  return core.replace(ARTICLE, '');
}

/** Reads which of the accepted texts a piece of text gives; its value is `null` for another one. */
export function textReader(accepted: readonly string[]): Reader<string | null> {
  const forms = accepted.map((text) => ({ text, form: normalForm(text) }));
  return (whole, stated) => {
    const segment = withoutCauses(whole, stated);
    const shown = segment.slice(0, 200);
    const given = normalForm(segment);
    if (given === '') return { kind: 'none', reason: 'no text in it' };
    const exact = forms.find(({ form }) => form === given);
    if (exact !== undefined) return { kind: 'value', value: exact.text, shown };
    const plain = segment.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
    const mentioned = forms.filter(({ form }) => mentions(plain, form));
    if (mentioned.length === 0) {
      const denies = /^\s*(?:not|không phải)\b/iu.test(segment);
      if (denies) return { kind: 'unclear', reason: 'says only what it is not', shown };
      return stated || isShort(segment)
        ? { kind: 'value', value: null, shown }
        : { kind: 'none', reason: 'no answer found' };
    }
    const denied = mentioned.filter(({ form }) => isDenied(plain, form));
    if (denied.length === mentioned.length) {
      const other = otherThan(plain, denied[0]?.form ?? '');
      return other
        ? { kind: 'value', value: null, shown }
        : { kind: 'unclear', reason: 'says only what it is not', shown };
    }
    const meant = mentioned.find(({ form }) => isHead(plain, form) || isPredicate(plain, form));
    if (meant !== undefined) return { kind: 'value', value: meant.text, shown };
    return { kind: 'unclear', reason: 'names the expected text among others', shown };
  };
}

/** Without what gives the reason, before (`…, so`) or after (`because …`). */
function withoutCauses(segment: string, stated: boolean): string {
  const after = /,?\s(?:because|since|vì|bởi vì)\s/iu.exec(segment);
  const head = after !== null && after.index > 0 ? segment.slice(0, after.index) : segment;
  if (stated) return head;
  const before = [
    ...head.matchAll(
      /,\s(?:so|thus|hence|therefore)\s|(?:なので|よって|だから)、?|,\s(?:nên|vậy|do đó)\s/giu,
    ),
  ];
  const last = before.at(-1);
  return last === undefined ? head : head.slice(last.index + last[0].length);
}

/** `Paris, the capital of France`: the expected text, then an apposition. */
function isHead(plain: string, form: string): boolean {
  const start = plain.replace(/^[\s"'(]*(?:(?:the|an?)\s)?/, '');
  if (!start.startsWith(form)) return false;
  const rest = start.slice(form.length).replace(/^["')]+/, '');
  return APPOSITION.test(rest) || REASON.test(rest);
}

/** `The capital of France is Paris.`, `日本の首都は東京です`: all that is said of the subject. */
function isPredicate(plain: string, form: string): boolean {
  for (const copula of plain.matchAll(COPULA)) {
    const predicate = plain.slice(copula.index + copula[0].length);
    if (OTHERS.test(plain.slice(0, copula.index)) && /[、]|\bor\b|\bhoặc\b/.test(plain)) continue;
    if (normalForm(predicate) === form || isHead(predicate, form)) return true;
    const clause = /^[^,;(、]+(?=[,;(、])/.exec(predicate)?.[0];
    if (clause !== undefined && normalForm(clause) === form && DENIES_OTHERS.test(predicate)) {
      return true;
    }
  }
  const clause = /^[^,;(、]+(?=[,;(、])/.exec(plain)?.[0];
  return clause !== undefined && normalForm(clause) === form && DENIES_OTHERS.test(plain);
}

const DENIES_OTHERS = /[,;(、]\s*(?:and |but )?(?:not|không phải|chứ không)\s/iu;

function isDenied(plain: string, form: string): boolean {
  const at = plain.indexOf(form);
  return (
    DENIED_BEFORE.test(plain.slice(Math.max(0, at - 40), at)) ||
    DENIED_AFTER.test(plain.slice(at + form.length, at + form.length + 24))
  );
}

/** Something else is named beside what is denied: `Lyon, not Paris`, `not Paris but Lyon`. */
function otherThan(plain: string, form: string): boolean {
  const at = plain.indexOf(form);
  const after = plain.slice(at + form.length);
  if (/^[^\w]{0,3}\s*(?:but|mà|ではなく|じゃなく|でなく)/u.test(after)) return true;
  return /[,;、]\s*(?:and |but )?(?:not|không phải|chứ không|instead of|rather than)[^,;]*$/u.test(
    plain.slice(0, at),
  );
}

/** Whether a text holds a form as a word of its own; where words are not spaced, anywhere. */
function mentions(plain: string, form: string): boolean {
  let at = plain.indexOf(form);
  while (at >= 0) {
    const [before, after] = [plain.slice(0, at), plain.slice(at + form.length)];
    const spaced = /^[\p{Script=Latin}\d]/u.test(form);
    if (!spaced) return true;
    if (!/[\p{Script=Latin}\d]$/u.test(before) && !/^[\p{Script=Latin}\d]/u.test(after))
      return true;
    at = plain.indexOf(form, at + 1);
  }
  return false;
}

/** Short enough to be nothing but an answer. */
function isShort(segment: string): boolean {
  return segment.length <= 60;
}
