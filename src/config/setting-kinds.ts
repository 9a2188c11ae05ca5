import { CHANGE_FORM, parseChange } from './change.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';
import { JUDGE_PATTERN } from './grading-schema.ts';
import type { Order } from './types.ts';

/** How the text of a flag or a variable becomes a setting. */
export interface SettingKind<T> {
  /** @returns `undefined` where the text is none */
  parse(text: string): T | undefined;
  /** What it must be, after «must be». */
  form: string;
  /** The only words taken, where there are such. */
  words?: readonly string[];
}

const ORDERS: readonly Order[] = ['parallel', 'interleaved', 'sequential'];

export const ORDER: SettingKind<Order> = {
  parse: (text) => ORDERS.find((order) => order === text),
  form: 'parallel, interleaved or sequential',
  words: ORDERS,
};

export const TEXT: SettingKind<string> = {
  parse: (text) => (text.trim() === '' ? undefined : text),
  form: 'some text',
};

/** Several names, with commas between them. */
export const NAMES: SettingKind<string[]> = {
  parse: (text) => {
    const names = text.split(',').map((name) => name.trim());
    const kept = [...new Set(names.filter((name) => name !== ''))];
    return kept.length > 0 ? kept : undefined;
  },
  form: 'a name, or several with commas between them',
};

export const JUDGE: SettingKind<string> = {
  parse: (text) => (JUDGE_PATTERN.test(text.trim()) ? text.trim() : undefined),
  form: 'TARGET/MODEL, as marketplace/gpt-4o',
};

/** Milliseconds. */
export const DURATION: SettingKind<number> = { parse: parseDuration, form: DURATION_FORM };

export const ON_OFF: SettingKind<boolean> = {
  parse: (text) => {
    if (/^(?:true|1|yes|on)$/i.test(text)) return true;
    return /^(?:false|0|no|off)$/i.test(text) ? false : undefined;
  },
  form: 'true or false',
};

export const USD: SettingKind<number> = {
  parse: (text) => {
    const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
    return value > 0 && Number.isFinite(value) ? value : undefined;
  },
  form: 'an amount of USD over 0, as 5 or 0.50',
};

export const SHARE: SettingKind<number> = {
  parse: (text) => {
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) : 0;
    return value > 0 && value <= 1 ? value : undefined;
  },
  form: 'a share over 0 and up to 1, as 0.01',
};

export const CHANGE: SettingKind<number> = { parse: parseChange, form: CHANGE_FORM };

/** Of a false alarm; over a fifth, a check would be no evidence of anything. */
export const ALPHA: SettingKind<number> = {
  parse: (text) => {
    const value = SHARE.parse(text);
    return value !== undefined && value <= 0.2 ? value : undefined;
  },
  form: 'a share over 0 and up to 0.2, as 0.01',
};

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): SettingKind<number> {
  const upTo = most === Number.MAX_SAFE_INTEGER ? ' or more' : ` to ${most}`;
  return {
    parse: (text) => {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= least && value <= most ? value : undefined;
    },
    form: `a whole number, ${least}${upTo}`,
  };
}
