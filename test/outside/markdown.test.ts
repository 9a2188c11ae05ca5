import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { checkMarkdown } from '../../src/report/check/markdown-form.ts';
import { escapeMarkdown, markdownTable, runMarkdown } from '../../src/report/markdown.ts';
import { shownMarkdown } from '../../src/report/show/markdown.ts';
import { neutralise } from '../../src/report/text.ts';
import { aFailure, aPlannedRow } from '../metrics/fixtures.ts';
import { aFinding, aResult } from '../report/check/fixtures.ts';
import { aView } from '../report/fixtures.ts';
import { ACTS, HOSTILE } from './hostile.ts';
import { aShownRun } from './shown.ts';

/** As GitHub renders it: raw HTML goes through, so that any would be seen. */
function rendered(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

/** Elements with their attributes, in the order of the page; texts have no `<` that is not escaped. */
const elementsIn = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];

/** What a reader sees, and what GitHub then looks through for mentions and references. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(?:lt|gt|amp|quot);/g,
      (name) => ({ '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' })[name] as string,
    );

/** Found in rendered text by GitHub or GitLab. */
const REFERENCES =
  /@[\w-]|(?:^|\W)#\w|\bGH-\d|![1-9]|(?:https?|ftp):\/\/|\bwww\.|:[a-z0-9_+-]+:(?=\s|$)|\w@\w/i;

const HINGE = '\u200b';
const all = Object.entries(HOSTILE);

test('what is not escaped is seen here', () => {
  const html = rendered(
    '@team www.evil.test <img src=x onerror=1> [x](javascript:alert(1)) - ![](http://x.test)',
  );
  expect(elementsIn(html).filter((tag) => /^<(a|img)/.test(tag))).toHaveLength(4);
  expect(textOf(html)).toMatch(REFERENCES);
});

describe('escaped text', () => {
  test.each(all)(
    '%s, by itself, in an item, a heading and a cell, is the text and nothing else',
    (_, text) => {
      const expected = neutralise(text);
      for (const [frame, elements] of [
        [(inner: string) => inner, ['<p>', '</p>']],
        [(inner: string) => `- ${inner}`, ['<ul>', '<li>', '</li>', '</ul>']],
        [(inner: string) => `### ${inner}`, ['<h3>', '</h3>']],
        [(inner: string) => `**${inner}**`, ['<p>', '<strong>', '</strong>', '</p>']],
      ] as const) {
        const html = rendered(frame(escapeMarkdown(text)));
        expect(elementsIn(html)).toEqual(elements);
        expect(textOf(html).replaceAll(HINGE, '').trim()).toBe(expected);
        expect(textOf(html)).not.toMatch(REFERENCES);
        expect(textOf(html).replaceAll(HINGE, '')).not.toMatch(ACTS);
      }
    },
  );

  test('a table of all of it has its cells and rows', () => {
    const rows = all.map(([name, text]) => [name, text, 'end']);
    const html = rendered(markdownTable(['name', 'text', 'end'], ['left', 'left', 'left'], rows));
    const count = (tag: string) =>
      elementsIn(html).filter((one) => one.startsWith(`<${tag} `) || one === `<${tag}>`).length;
    expect([count('table'), count('tr'), count('th'), count('td')]).toEqual([
      1,
      rows.length + 1,
      3,
      3 * rows.length,
    ]);
    expect(new Set(elementsIn(html).map((tag) => tag.replace(/ align="left"/, '')))).toEqual(
      new Set(
        ['table', 'thead', 'tbody', 'tr', 'th', 'td'].flatMap((tag) => [`<${tag}>`, `</${tag}>`]),
      ),
    );
    expect(textOf(html)).not.toMatch(REFERENCES);
  });
});

/** What our own pages are made of. */
const OURS =
  /^<\/?(?:h[234]|p|ul|li|table|thead|tbody|tr|t[hd](?: align="(?:left|right)")?|strong|em|sub|details|summary|pre|code|br)(?: \/)?>$/;

describe.each(all)('reports with %s', (_, text) => {
  const pages = (what: string): [string, string][] => [
    [
      'run',
      runMarkdown(
        aView(
          [aFailure({ model: what, suite: what, error_message: what, target: what })],
          [aPlannedRow({ model: what, label: what, suite: what, target: what, planned: 1 })],
          {
            run_id: what,
            interrupted: what,
            seed: what,
            validity: { verdict: 'warned', reasons: [what] },
          },
        ),
      ),
    ],
    [
      'check',
      checkMarkdown(
        aResult({
          verdict: 'fail',
          run_id: what,
          remarks: [what],
          findings: [
            aFinding({
              verdict: 'fail',
              model: what,
              label: what,
              suite: what,
              target: what,
              against: what,
              why: what,
              next: what,
            }),
          ],
        }),
      ),
    ],
    ['show', shownMarkdown(aShownRun(what), { full: true, reasoning: true })],
  ];

  test('have the elements of a harmless one', () => {
    const harmless = new Map(pages('harmless'));
    for (const [page, markdown] of pages(text)) {
      const html = rendered(markdown);
      const elements = elementsIn(html);
      for (const element of elements) expect(element, page).toMatch(OURS);
      // An answer of one line stands in its paragraph, one of several in a block.
      const shape = (tags: string[]) => tags.filter((tag) => !/^<\/?(?:p|pre|code|em)>$/.test(tag));
      expect(shape(elements), page).toEqual(
        shape(elementsIn(rendered(harmless.get(page) as string))),
      );
      expect(textOf(html.replace(/<pre>.*?<\/pre>/gs, '')), page).not.toMatch(REFERENCES);
      expect(markdown, page).not.toMatch(ACTS);
    }
  });
});
