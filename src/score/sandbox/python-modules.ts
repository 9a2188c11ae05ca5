/**
 * Of the standard library, what an answer may import. A child has no files to import from once
 * it runs the answer, so those that the answer mentions are imported before.
 */
const MODULES = `abc array ast base64 binascii bisect builtins calendar cmath codecs collections
collections.abc colorsys contextlib copy copyreg csv dataclasses datetime decimal difflib doctest
enum errno fnmatch fractions functools gc graphlib hashlib heapq hmac html html.parser inspect io
itertools json keyword locale logging math numbers operator os os.path pathlib pickle pprint queue
random re reprlib secrets shlex signal statistics string stringprep struct sys textwrap threading
time timeit token tokenize tomllib traceback types typing unicodedata unittest urllib.parse uuid
warnings weakref xml.etree.ElementTree zlib __future__ argparse concurrent.futures contextvars ipaddress`.split(
  /\s+/,
);

/** What these import only when it is needed. */
const COMPANIONS: Record<string, string[]> = {
  collections: ['heapq'], // Counter.most_common
  functools: ['types', 'weakref', 'typing'], // singledispatch
  traceback: ['ast'],
  warnings: ['linecache', 'traceback'],
  datetime: ['_strptime'],
  time: ['_strptime'],
  calendar: ['_strptime'],
  'concurrent.futures': ['concurrent.futures.thread'],
  inspect: ['linecache'],
  dataclasses: ['reprlib'],
  unittest: ['unittest.mock'],
};

/** Needed by values and texts without any import. */
const ALWAYS = ['unicodedata', 'encodings.latin_1', 'encodings.utf_16', 'encodings.utf_32', 'copy'];

/** A little too many rather than one too few: any module whose name occurs as a word. */
export function mentionedModules(code: string): string[] {
  const words = new Set(code.match(/\w+/g));
  const mentioned = MODULES.filter((name) => name.split('.').every((part) => words.has(part)));
  return [...ALWAYS, ...mentioned.flatMap((name) => [name, ...(COMPANIONS[name] ?? [])])];
}
