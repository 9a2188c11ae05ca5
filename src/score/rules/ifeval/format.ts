import type { RuleArgument } from '../../../suite/rule-schema.ts';
import { forGood, type Verdict, verdict } from '../verdict.ts';
import { enough, stripped } from './compare.ts';

const CONSTRAINED = ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'];

/** Marks of the form that can be counted. */
export const FORMAT_RULES = {
  'detectable_content:number_placeholders': (
    text: string,
    { num_placeholders: wanted }: RuleArgument<'detectable_content:number_placeholders'>,
  ) => enough(placeholders(text), wanted, 'placeholders'),
  'detectable_content:postscript': (
    text: string,
    { postscript_marker: marker }: RuleArgument<'detectable_content:postscript'>,
  ) => verdict(postscript(marker.trim()).test(text), `has no postscript ${marker}`),
  'detectable_format:number_bullet_lists': (
    text: string,
    { num_bullets: wanted }: RuleArgument<'detectable_format:number_bullet_lists'>,
  ) => {
    const count = bullets(text);
    const fault = `has ${count} bullet points, not ${wanted}`;
    return count > wanted ? forGood(false, fault) : verdict(count === wanted, fault);
  },
  'detectable_format:constrained_response': (text: string) =>
    verdict(
      CONSTRAINED.some((answer) => text.includes(answer)),
      'is none of the answers to choose from',
    ),
  'detectable_format:number_highlighted_sections': (
    text: string,
    { num_highlights: wanted }: RuleArgument<'detectable_format:number_highlighted_sections'>,
  ) => enough(highlights(text), wanted, 'highlighted sections'),
  'detectable_format:multiple_sections': (
    text: string,
    argument: RuleArgument<'detectable_format:multiple_sections'>,
  ) => {
    const { section_spliter: mark, num_sections: wanted } = argument;
    const heads = text.split(mark.trim()).slice(1);
    return enough(heads.filter((rest) => /^\s?\d/.test(rest)).length, wanted, 'sections');
  },
  'detectable_format:json_format': (text: string) => verdict(isJson(text), 'is no JSON'),
  'detectable_format:title': (text: string) =>
    verdict(text.split('\n').some(hasTitle), 'has no title in double angular brackets'),
} satisfies Record<string, (text: string, argument: never) => Verdict>;

/** `[…]` within a line; the first closing bracket ends it. */
function placeholders(text: string): number {
  return text.split('\n').reduce((sum, line) => {
    let count = 0;
    for (let open = line.indexOf('['); open !== -1; ) {
      const close = line.indexOf(']', open + 1);
      if (close === -1) break;
      count++;
      open = line.indexOf('[', close + 1);
    }
    return sum + count;
  }, 0);
}

function postscript(marker: string): RegExp {
  if (marker === 'P.P.S') return /p\.\s?p\.\s?s/i;
  if (marker === 'P.S.') return /p\.\s?s\./i;
  return new RegExp(marker.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i');
}

/** Lines that begin with one `*`, or with `-`; a lone `*` takes the next line with it. */
function bullets(text: string): number {
  const lines = text.split('\n').map((line) => line.trimStart());
  let count = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.startsWith('-') || /^\*[^*]/.test(line)) count++;
    if (line === '*' && index + 1 < lines.length) {
      count++;
      index++;
    }
  }
  return count;
}

/** `*so*` and `**so**`, each with something in it. */
function highlights(text: string): number {
  const single = text.match(/\*[^\n*]*\*/g) ?? [];
  const double = text.match(/\*\*[^\n*]*\*\*/g) ?? [];
  return [...single, ...double].filter((found) => found.replace(/\*/g, '').trim() !== '').length;
}

function isJson(text: string): boolean {
  const bare = text
    .trim()
    .replace(/^```(?:json|Json|JSON)/, '')
    .replace(/^```/, '')
    .replace(/```$/, '');
  try {
    JSON.parse(bare.trim());
    return true;
  } catch {
    return false;
  }
}

function hasTitle(line: string): boolean {
  const open = line.indexOf('<<');
  const close = line.lastIndexOf('>>');
  if (open === -1 || close < open + 3) return false;
  return stripped(stripped(line.slice(open, close + 2), '<'), '>').trim() !== '';
}
