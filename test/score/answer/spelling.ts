/** Whole numbers written out, by rules of their own, for tests that read them back. */

const ENGLISH =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const VIETNAMESE = 'không một hai ba bốn năm sáu bảy tám chín'.split(' ');
const KANJI = '〇一二三四五六七八九';

/** @param number 0 to 999,999 */
export function englishWords(number: number): string {
  if (number < 20) return ENGLISH[number] as string;
  if (number < 100)
    return [TENS[Math.floor(number / 10)], number % 10 ? ENGLISH[number % 10] : []]
      .flat()
      .join('-');
  const [unit, name] = number < 1000 ? [100, 'hundred'] : [1000, 'thousand'];
  const rest = number % unit;
  const joint = rest === 0 ? '' : unit === 100 || rest < 100 ? ' and ' : ' ';
  return `${englishWords(Math.floor(number / unit))} ${name}${joint}${rest === 0 ? '' : englishWords(rest)}`;
}

/** @param number 1 to 999,999 */
export function vietnameseWords(number: number): string {
  if (number >= 1000) {
    const rest = number % 1000;
    const upper = `${vietnameseWords(Math.floor(number / 1000))} nghìn`;
    if (rest === 0) return upper;
    return `${upper} ${rest < 100 ? `không trăm ${belowHundred(rest, true)}` : vietnameseWords(rest)}`;
  }
  if (number < 100) return belowHundred(number, false);
  const rest = number % 100;
  return `${VIETNAMESE[Math.floor(number / 100)]} trăm${rest === 0 ? '' : ` ${belowHundred(rest, true)}`}`;
}

function belowHundred(number: number, afterHundred: boolean): string {
  const [tens, unit] = [Math.floor(number / 10), number % 10];
  if (tens === 0) return `${afterHundred ? 'linh ' : ''}${VIETNAMESE[unit]}`;
  const ending = unit === 5 ? 'lăm' : unit === 1 && tens > 1 ? 'mốt' : VIETNAMESE[unit];
  const upper = tens === 1 ? 'mười' : `${VIETNAMESE[tens]} mươi`;
  return unit === 0 ? upper : `${upper} ${ending}`;
}

/** @param number 1 to 99,999,999 */
export function kanji(number: number): string {
  const upper = Math.floor(number / 10_000);
  const lower = number % 10_000;
  return `${upper === 0 ? '' : `${belowTenThousand(upper)}万`}${lower === 0 ? '' : belowTenThousand(lower)}`;
}

function belowTenThousand(number: number): string {
  return [1000, 100, 10, 1]
    .map((unit, index) => {
      const digit = Math.floor(number / unit) % 10;
      if (digit === 0) return '';
      return `${digit === 1 && unit > 1 ? '' : KANJI[digit]}${'千百十'[index] ?? ''}`;
    })
    .join('');
}
