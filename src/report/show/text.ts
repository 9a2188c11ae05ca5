import pc from 'picocolors';
import type { CaseMark, ShownCase, ShownRun, ShownTurn } from '../../show/types.ts';
import { SIMULATED_NOTICE } from '../notes.ts';
import { displayWidth, fold, neutralise, neutraliseLines, truncate, wrap } from '../text.ts';
import type { TextOptions } from '../view.ts';
import {
  answerBlocks,
  type Block,
  countLine,
  groupsOf,
  MARK_SIGNS,
  nameOfCase,
  promptBlocks,
  type ShowDetail,
  shortened,
} from './blocks.ts';

export type ShowOptions = TextOptions & ShowDetail;

const LABEL_COLUMNS = 11;
const INDENT = 2;

/** Answers for a person to read, each beside what was expected. */
export function renderShown(run: ShownRun, options: ShowOptions): string {
  const page = new ShowPage(run, { ...options, columns: Math.max(40, options.columns) });
  return page.text();
}

class ShowPage {
  readonly #run: ShownRun;
  readonly #options: ShowOptions;
  readonly #colours: ReturnType<typeof pc.createColors>;

  constructor(run: ShownRun, options: ShowOptions) {
    this.#run = run;
    this.#options = options;
    this.#colours = pc.createColors(options.colour);
  }

  text(): string {
    const { simulated, cases, by, matching, shown, remark } = this.#run;
    const { yellow } = this.#colours;
    const { columns } = this.#options;
    const notice = simulated ? yellow(wrap(SIMULATED_NOTICE, columns)) : '';
    const groups = groupsOf(cases, by).map((group) =>
      by === 'case' ? this.#group(group) : this.#alone(group[0] as ShownCase),
    );
    return [
      notice,
      ...groups,
      matching === 0 ? '' : wrap(countLine(shown, matching, by), columns),
      remark === null ? '' : wrap(remark, columns),
      cases.length === 0 ? '' : notice,
    ]
      .filter((block) => block !== '')
      .join('\n\n');
  }

  #alone(one: ShownCase): string {
    const turns = one.turns.flatMap((turn, i) => [
      ...this.#turnHead(one, turn, i),
      ...[...promptBlocks(turn), ...answerBlocks(turn, this.#options)].flatMap((block) =>
        this.#block(block),
      ),
    ]);
    return [this.#heading(one, nameOfCase(one, this.#run.cases, 'model')), ...turns].join('\n');
  }

  /** What was asked once, then every answer to it. */
  #group(group: ShownCase[]): string {
    const [first] = group as [ShownCase, ...ShownCase[]];
    const longest = group.reduce((a, b) => (b.turns.length > a.turns.length ? b : a));
    const asked = longest.turns.flatMap((turn, i) => [
      ...(longest.turns.length > 1 ? [this.#turnLabel(i)] : []),
      ...promptBlocks(turn).flatMap((block) => this.#block(block)),
    ]);
    const answers = group.map((one) => {
      const name = nameOfCase(one, group, 'case') || one.label;
      const turns = one.turns.flatMap((turn, i) => [
        ...this.#turnHead(one, turn, i),
        ...answerBlocks(turn, this.#options).flatMap((block) => this.#block(block)),
      ]);
      return [this.#heading(one, name), ...turns].join('\n');
    });
    const { bold } = this.#colours;
    const title = truncate(neutralise(`${first.suite} · ${first.case_id}`), this.#options.columns);
    return [[bold(title), ...asked].join('\n'), ...answers].join('\n');
  }

  #heading({ mark }: ShownCase, name: string): string {
    const { bold } = this.#colours;
    const word = `${MARK_SIGNS[mark]} ${mark}`;
    const free = this.#options.columns - displayWidth(word) - 2;
    return `${this.#paint(mark)(word)}  ${bold(truncate(neutralise(name), free))}`;
  }

  #turnHead({ turns }: ShownCase, { mark }: ShownTurn, index: number): string[] {
    if (turns.length === 1) return [];
    return [`${this.#turnLabel(index)}: ${this.#paint(mark)(`${MARK_SIGNS[mark]} ${mark}`)}`];
  }

  #turnLabel(index: number): string {
    return `${' '.repeat(INDENT)}turn ${index + 1}`;
  }

  #block({ label, text, long }: Block): string[] {
    const { dim } = this.#colours;
    const room = this.#options.columns - INDENT - LABEL_COLUMNS;
    const safe = long ? neutraliseLines(text.replaceAll('\t', '  ').trim()) : neutralise(text);
    const lines = shortened(fold(safe, room), this.#options);
    return lines.map((line, i) => {
      const front =
        i === 0 ? dim(neutralise(label).padEnd(LABEL_COLUMNS)) : ' '.repeat(LABEL_COLUMNS);
      return `${' '.repeat(INDENT)}${front}${line}`.trimEnd();
    });
  }

  #paint(mark: CaseMark): (text: string) => string {
    const { red, green, yellow, dim } = this.#colours;
    return { right: green, wrong: red, ungraded: yellow, error: red, 'not graded': dim }[mark];
  }
}
