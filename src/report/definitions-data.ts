import { jsonText } from '../json.ts';
import { type Cell, csvOf } from './csv.ts';
import { type ByDefinitions, type DefinedRow, nameOfDefinition } from './definitions.ts';

/** The figures by definition as one JSON document; `null` for n/a and for what a tool does not have. */
export function definitionsJson({ manifest, rows, untaped, unread }: ByDefinitions): string {
  const document = {
    schema_version: 1,
    run_id: manifest.run_id,
    simulated: manifest.simulated,
    rows: rows.map((defined) => ({ ...identityOf(defined), ...defined.figures })),
    untaped,
    unread,
  };
  return `${jsonText(document, 2)}\n`;
}

function identityOf(defined: DefinedRow) {
  const { target, model, label, suite, simulated } = defined.row;
  return { target, model, label, suite, simulated, definition: nameOfDefinition(defined) };
}

const DISTRIBUTIONS = ['ttft_ms', 'tpot_ms', 'itl_ms'] as const;
const STATISTICS = ['n', 'mean', 'p50', 'p95', 'p99'] as const;
const COUNTS = ['requests_ok', 'requests_failed', 'requests_lost'] as const;
const TOKENS = ['output_tokens', 'output_tokens_per_second', 'lacking_tokenizer'] as const;

/** The figures by definition as CSV: one line per row of the run and definition. */
export function definitionsCsv({ rows }: ByDefinitions): string {
  const identity = ['target', 'model', 'label', 'suite', 'simulated', 'definition'];
  const times = DISTRIBUTIONS.flatMap((metric) => STATISTICS.map((name) => `${metric}_${name}`));
  const lines = rows.map((defined): Cell[] => {
    const { figures } = defined;
    return [
      ...Object.values(identityOf(defined)),
      ...COUNTS.map((name) => figures[name]),
      ...DISTRIBUTIONS.flatMap((metric) =>
        STATISTICS.map((name) => figures[metric]?.[name] ?? null),
      ),
      ...TOKENS.map((name) => figures[name]),
      figures.at_least.join(' ').replaceAll('.', '_'),
    ];
  });
  return [[...identity, ...COUNTS, ...times, ...TOKENS, 'at_least'], ...lines].map(csvOf).join('');
}
