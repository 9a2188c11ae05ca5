import type { Random } from '../random.ts';
import type { KnownAnswer } from './options.ts';
import type { Phrases } from './phrases.ts';
import { type Language, languageOf } from './prompt.ts';

/** How the prompt wants the answer marked, in the words it uses itself. */
const MARKER = /(?:answer|答え|回答|đáp án|trả lời)\s*[:：] ?/i;
/** The prompt wants the answer and nothing around it: told so, not just the word «only». */
const BARE =
  /\b(?:answer|reply|respond|output|write|give|return|print|say|name)\b[^.?!\n]*\b(?:only|alone|nothing else|just|one word|single word)\b|\b\w+ only\W*$|だけ(?:で|書|答|。|$)|のみ|(?:trả lời|ghi)[^.\n]*(?:một từ|một chữ cái|duy nhất)|chỉ (?:trả lời|ghi|viết)/i;
const CODE =
  /^(?:async def|def|class|import|from|async function|function|const|let|export|SELECT)\b/m;
const JAVASCRIPT = /^(?:async function|function|const|let|export)\b|=>/m;
export const GUARD_LABEL = /^(safe|unsafe)\b/;

/** A text to say, and how it may be dressed. */
export interface Presented {
  answer: string;
  form?: NonNullable<KnownAnswer['form']>;
}

/**
 * An answer in the form that its kind and the prompt call for.
 * @param working sentences that lead to it
 */
export function present(
  { answer, form }: Presented,
  prompt: string,
  phrases: Phrases,
  working: string,
  random: Random,
): string {
  if (form === 'exact' || answer === '') return answer;
  if (form === 'json') return dressedJson(answer, phrases, random);
  if (form === 'number') return dressedNumber(answer, prompt, phrases, working, random);
  const isFenced = answer.includes('```');
  const isCode = CODE.test(answer) && !isFenced;
  const isStructured = isFenced || answer.includes('\n') || /^[[{]/.test(answer);
  if ((BARE.test(prompt) && !isCode) || GUARD_LABEL.test(answer)) return answer;
  if (isCode) {
    const language = JAVASCRIPT.test(answer) ? 'javascript' : 'python';
    return `${working}\n\n\`\`\`${language}\n${answer.trimEnd()}\n\`\`\``;
  }
  if (isStructured || answer.length > 80) return answer;
  return `${working}\n\n${markerOf(prompt, phrases)}${answer}`;
}

function markerOf(prompt: string, phrases: Phrases): string {
  const marker = MARKER.exec(prompt)?.[0] ?? phrases.answerMarker;
  return /\s$/.test(marker) ? marker : `${marker} `;
}

/** Worked towards, in the language's own way with numbers, and set off as models do. */
function dressedNumber(
  answer: string,
  prompt: string,
  phrases: Phrases,
  working: string,
  random: Random,
): string {
  const number = random.pick(numberStyles(answer, languageOf(prompt)));
  if (BARE.test(prompt)) return number;
  const marker = markerOf(prompt, phrases);
  const setOff = [`${marker}${number}`, `**${marker}${number}**`, `${marker}**${number}**`];
  // Only plain digits are safe in mathematics: there a comma is a list.
  if (number === answer) setOff.push(`\\[\\boxed{${number}}\\]`);
  return `${working}\n\n${random.pick(setOff)}`;
}

/** `1234.5` is `1,234.5` in English, `１２３４.５` at times in Japanese, `1.234,5` in Vietnamese. */
function numberStyles(plain: string, language: Language): string[] {
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return [plain];
  const [whole = '', fraction] = plain.split('.');
  const grouped = (mark: string) => whole.replace(/(?<=\d)(?=(\d{3})+$)/g, mark);
  const rest = (point: string) => (fraction === undefined ? '' : `${point}${fraction}`);
  if (language === 'vi') return [`${whole}${rest(',')}`, `${grouped('.')}${rest(',')}`];
  const english = [plain, `${grouped(',')}${rest('.')}`];
  return language === 'ja' ? [...english, fullWidth(plain)] : english;
}

function fullWidth(text: string): string {
  return text.replace(/[-.\d]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}

/** Bare, in a fence, or in a fence between sentences: as models do whatever they are told. */
function dressedJson(json: string, phrases: Phrases, random: Random): string {
  const fenced = `\`\`\`json\n${json}\n\`\`\``;
  return random.pick([json, fenced, `${phrases.lead}\n\n${fenced}\n\n${phrases.tail}`]);
}
