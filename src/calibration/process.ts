import { messageOf, TokentapeError } from '../errors.ts';
import { type SenderOptions, startSender } from './sender.ts';

/** What the process tells once: its address, or why there is none. */
export type SenderStart = { url: string } | { problem: string; remedy: string | undefined };

/** Entry of the ground truth's own process. It ends with the process that started it. */
async function serve(): Promise<SenderStart> {
  try {
    const options = JSON.parse(process.argv[2] ?? '{}') as SenderOptions;
    const { url } = await startSender(options);
    return { url };
  } catch (error) {
    const remedy = error instanceof TokentapeError ? error.remedy : undefined;
    return { problem: messageOf(error), remedy };
  }
}

process.once('disconnect', () => process.exit());
// An interrupt at the terminal is for the one who started it.
process.on('SIGINT', () => {});
const started = await serve();
process.send?.(started);
if (process.send === undefined) process.stdout.write(`${JSON.stringify(started)}\n`);
