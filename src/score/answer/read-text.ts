import { DENIED_AFTER, DENIED_BEFORE } from './cues.ts';
import type { Reader } from './final.ts';

const ARTICLE = /^(?:the|an?)\s+/;
const POLITE_END = /(?:でございます|であります|です|である|だ|になります|となります)(?:よ|ね)?$/u;
const VIETNAMESE_POLITE_END = /\s(?:ạ|nhé|nha|đấy|thôi)$/u;
const EDGES = /^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu;
/** Right behind a word a sign belongs to it: `A+`, `C#`, `Cl-`. */
const OWN_SIGN = /^(?:\+{1,2}|#|-)(?=$|[\s"'.,;:!?)\]。、」』])/u;
const COPULA = /(?:\s(?:is|are|was|were|be|becomes|là)\s|(?:it|that)'s\s|[はがも]、?)/giu;
const SIGN_AT_EDGE = /^[-+−$€£¥]|[%°+]$/u;
const OTHERS = /\s(?:or|and|hoặc|hay|và|&)\s|[、/]|または|もしくは|か(?!ら)|と/iu;
const LEADING = /^[\s"'(]*(?:(?:the|an?)\s)?/;
const APPOSITION =
  /^\s?(?:[,.;:(—–-]|、|。)\s*(?:(?<=\()(?![^)]{0,80}(?:\bor\b|hoặc|または|か))|the|an?|which|who|where|because|since|as|so|it|this|that|in|with|of course|obviously|certainly|definitely|although|though|thành phố|thủ đô|vì|nơi|là|だから|なぜなら|$)/iu;
const REASON = /^\s(?:because|since|as|which|vì|bởi)\s/iu;

/**
 * A text as answers are compared: without case, width, articles, outer punctuation and Japanese
 * `です`. Inner punctuation counts.
 */
export function normalForm(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().replace(/[‘’]/g, "'").replace(/\s+/g, ' ');
  const core = withoutEdges(
    withoutEdges(folded).replace(POLITE_END, '').replace(VIETNAMESE_POLITE_END, ''),
  );
  // Where the sign at the edge is all there is, or makes a number of it, it counts.
  if (core === '' || (/^[\d.,]+$/.test(core) && SIGN_AT_EDGE.test(folded.trim()))) {
    return folded.trim();
  }
  return core.replace(ARTICLE, '');
}

function withoutEdges(text: string): string {
  return text.replace(EDGES, (edge, at: number) =>
    at === 0 ? '' : (OWN_SIGN.exec(edge)?.[0] ?? ''),
  );
}

/** Reads which of the accepted texts a piece of text gives; its value is `null` for another one. */
export function textReader(accepted: readonly string[], question = ''): Reader<string | null> {
  const forms = accepted.map((text) => ({ text, form: normalForm(text) }));
  return (whole, stated) => {
    const segment = withoutCauses(whole, stated);
    const shown = segment.slice(0, 200);
    const given = normalForm(segment);
    if (given === '') return { kind: 'none', reason: 'no text in it' };
    const exact = forms.find(({ form }) => form === given);
    if (exact !== undefined) return { kind: 'value', value: exact.text, shown };
    const plain = segment.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
    if (forms.every(({ form }) => isOpposite(plain, form))) {
      return { kind: 'value', value: null, shown };
    }
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
    const meant = mentioned.find(
      ({ form }) =>
        isHead(plain, form) || isPredicate(plain, form) || isSubject(plain, form, question),
    );
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
  const start = plain.replace(LEADING, '');
  if (!start.startsWith(form)) return false;
  if (isPolarHead(start, form)) return true;
  const rest = start.slice(form.length).replace(/^["')]+/, '');
  return APPOSITION.test(rest) || REASON.test(rest);
}

/** `Yes, 7 is prime.` */
const POLAR = /^(?:yes|no|true|false|はい|いいえ|có|không|đúng|sai)$/u;
const TURNS = /(?<!\p{L})(?:but|yes|no|true|false|however|nhưng|sai|đúng)(?!\p{L})|ただし|しかし/u;

function isPolarHead(start: string, form: string): boolean {
  const rest = start.slice(form.length);
  return POLAR.test(form) && /^["')]*[,.!:;、。—–]/u.test(rest) && !TURNS.test(rest);
}

const OPPOSITES = [
  ['yes', 'no'],
  ['true', 'false'],
  ['はい', 'いいえ'],
  ['có', 'không'],
  ['đúng', 'sai'],
];

/** `Yes, no doubt`, where `no` is expected. */
function isOpposite(plain: string, form: string): boolean {
  const pair = OPPOSITES.find((words) => words.includes(form));
  const other = pair?.find((word) => word !== form);
  const start = plain.replace(LEADING, '');
  if (other === undefined || !start.startsWith(other)) return false;
  return /^["')]*[,、](?!.*(?:\bbut\b|nhưng|ただし|しかし))/u.test(start.slice(other.length));
}

/** `Paris is the capital of France.`, where that is what the question asks for. */
function isSubject(plain: string, form: string, question: string): boolean {
  const start = plain.replace(LEADING, '');
  if (!start.startsWith(form)) return false;
  const rest = /^["')\]]*(?:\s(?:is|was|are|were|là)\s|が|は)(.+)$/u.exec(
    start.slice(form.length),
  )?.[1];
  if (rest === undefined) return false;
  const asked = question.normalize('NFKC').toLowerCase();
  const words = normalForm(rest).split(/[\s.,]+/u);
  return words.every(
    (word) => /^(?:the|an?|of|in|to|and|for)$/.test(word) || mentions(asked, word),
  );
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
  if (/^[^\w]{0,3}\s*(?:but|(?<=,\s?)(?:it's|it is)|mà|ではなく|じゃなく|でなく)/u.test(after))
    return true;
  return /[,;、(]\s*(?:and |but )?(?:not|không phải|chứ không|instead of|rather than)[^,;]*$/u.test(
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
    if (
      !/[\p{Script=Latin}\d]$/u.test(before) &&
      !/^[\p{Script=Latin}\d]|^[+#](?!\p{L})/u.test(after)
    )
      return true;
    at = plain.indexOf(form, at + 1);
  }
  return false;
}

/** Short enough to be nothing but an answer. */
function isShort(segment: string): boolean {
  return segment.length <= 60;
}
