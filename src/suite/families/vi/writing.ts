import { at } from '../family.ts';

export const NAMES_VI = [
  ...[
    'An',
    'Bình',
    'Cường',
    'Dung',
    'Hạnh',
    'Khoa',
    'Linh',
    'Minh',
    'Ngọc',
    'Phúc',
    'Quỳnh',
    'Trang',
  ],
] as const;

const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];
const GROUPS = ['', 'nghìn', 'triệu', 'tỷ'];

/** `1234567.5` as 1.234.567,5. */
export function viNumber(n: number): string {
  const [whole = '', fraction] = String(n).split('.');
  const grouped = whole.replace(/(?<=\d)(?=(\d{3})+$)/g, '.');
  return fraction === undefined ? grouped : `${grouped},${fraction}`;
}

/** `2305021` as hai triệu ba trăm linh năm nghìn không trăm hai mươi mốt. */
export function viWords(n: number): string {
  const groups: number[] = [];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(rest % 1000);
  return groups
    .flatMap((group, index) => {
      if (group === 0) return [];
      const unit = at(GROUPS, groups.length - 1 - index);
      return [`${belowThousand(group, index > 0)} ${unit}`.trim()];
    })
    .join(' ');
}

/** @param whole hundreds are said even where there are none: không trăm linh năm */
function belowThousand(n: number, whole: boolean): string {
  const [hundreds, tens, ones] = [Math.floor(n / 100), Math.floor(n / 10) % 10, n % 10];
  const words: string[] = [];
  if (hundreds > 0 || whole) words.push(`${at(DIGITS, hundreds)} trăm`);
  if (tens === 0 && ones > 0 && words.length > 0) words.push('linh');
  if (tens === 1) words.push('mười');
  if (tens > 1) words.push(`${at(DIGITS, tens)} mươi`);
  if (ones > 0) words.push(onesAfter(tens, ones));
  return words.join(' ');
}

/** After tens, 1 is mốt (from twenty), 5 is lăm (from ten). */
function onesAfter(tens: number, ones: number): string {
  if (ones === 1 && tens > 1) return 'mốt';
  return ones === 5 && tens > 0 ? 'lăm' : at(DIGITS, ones);
}
