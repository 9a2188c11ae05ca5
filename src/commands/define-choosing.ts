import { type Command, InvalidArgumentError, Option } from 'commander';
import { collect, type Finish } from './options.ts';

const RUN_NAME = 'folder, name in the results folder, or `latest`';

/** Several, as they stand: limits may hold commas. */
const each = (value: string, previous: string[] = []): string[] => [...previous, value];

const pickExamples = `
Examples:
  tokentape pick latest --need 'score>0.8' --minimise cost
  tokentape pick latest --need 'score>0.8' 'ttft_ms:p(95)<800' --minimise e2e
  tokentape pick latest -s reasoning --maximise score --need 'cost<0.002'

Exit codes: 0 picked and sure; 4 picked but not as sure as asked for, or figures
that would tell are n/a; 99 no model meets the needs.
`;

/** The commands that read answers, and choose a model by what runs found. */
export function addChoosing(program: Command, finish: Finish): void {
  addShow(program, finish);
  addFrontier(program, finish);
  addPick(program, finish);
}

function addShow(program: Command, finish: Finish): void {
  const show = program
    .command('show')
    .summary('answers to read, beside what was expected')
    .description(
      'Shows the answers of a run for a person to read: what was asked, what was expected, what was taken as the answer, and why it is wrong.',
    )
    .argument('<run>', RUN_NAME);
  show
    .optionsGroup('What to show (default: every answer):')
    .option('--failed', 'wrong and ungraded answers')
    .option('--wrong', 'wrong answers')
    .option('--ungraded', 'answers that nobody could grade')
    .option('--right', 'right answers')
    .option('--errors', 'requests that failed');
  addChoices(show)
    .option('--case <id...>', 'only these cases', collect)
    .option('--limit <n>', 'so many answers, or by case so many cases; 0: all', readCount, 20);
  show
    .optionsGroup('How:')
    .addOption(
      new Option('--by <what>', 'each answer alone, or every answer to a case together')
        .choices(['model', 'case'])
        .default('model'),
    )
    .option('--full', 'prompts and answers whole')
    .option('--reasoning', 'the reasoning too')
    .option('-o, --output <dir>', 'folder of the results')
    .option('--md', 'print Markdown')
    .option('--json', 'print one JSON document')
    .helpOption('-h, --help', 'print help')
    .action(async (run: string, flags) => {
      const { showCommand } = await import('./show.ts');
      finish(await showCommand(run, flags));
    });
}

function addFrontier(program: Command, finish: Finish): void {
  const frontier = program
    .command('frontier')
    .summary('quality against speed against cost, and who is dominated')
    .description(
      'Weighs the models of a run, or of several, by quality, speed and cost, and says which are dominated by another, and how sure that is.',
    )
    .argument('<run...>', RUN_NAME);
  addChoices(frontier)
    .addOption(
      new Option('--quality <figure>', 'mean score of the cases, or the share right')
        .choices(['score', 'accuracy'])
        .default('score'),
    )
    .option('--speed <metric>', 'ttft, tpot, e2e, tok/s, or as ttft_ms:p(95)', 'e2e')
    .option('-o, --output <dir>', 'folder of the results')
    .option('--md', 'print Markdown')
    .option('--csv <file>', 'write it as CSV (`-`: to stdout)')
    .option('--json', 'print one JSON document')
    .action(async (runs: string[], flags) => {
      const { frontierCommand } = await import('./frontier.ts');
      finish(await frontierCommand(runs, flags));
    });
}

function addPick(program: Command, finish: Finish): void {
  const pick = program
    .command('pick')
    .summary('the model to take, and how sure that is')
    .description(
      'Names the model that is best by one figure of those that meet all needs, with how sure that is.',
    )
    .argument('<run...>', RUN_NAME);
  pick
    .option(
      '--need <limit...>',
      "what a model has to keep, as 'score>0.8'; `cost` is of one answer",
      each,
    )
    .option('--minimise <figure>', 'cost, ttft, tpot, e2e, error_rate, or as ttft_ms:p(95)')
    .option('--maximise <figure>', 'score, accuracy, tok/s')
    .option('--confidence <share>', 'from which probability on a pick is sure', '0.9');
  addChoices(pick)
    .option('-o, --output <dir>', 'folder of the results')
    .option('--json', 'print one JSON document')
    .addHelpText('after', pickExamples)
    .action(async (runs: string[], flags) => {
      const { pickCommand } = await import('./pick.ts');
      finish(await pickCommand(runs, flags));
    });
}

function addChoices(command: Command): Command {
  return command
    .option('-m, --model <name...>', 'only these models, by name or alias', collect)
    .option('-s, --suite <name...>', 'only these suites', collect)
    .option('-t, --target <name...>', 'only these targets', collect);
}

function readCount(text: string): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= 0) return count;
  throw new InvalidArgumentError('It is a whole number, and 0 for all.');
}
