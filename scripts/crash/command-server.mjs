// Runs commands one after the other in this process, as the command line does: starting a process for each
// takes longer than most of them. Told argv by its parent, it answers with what came of it.
import { runCli } from '../../dist/commands/program.js';

/** @typedef {{ code: number, stdout: string, stderr: string }} CommandResult */

process.on('message', async (/** @type {string[]} */ argv) => {
  const said = { stdout: '', stderr: '' };
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    process[name].write = (/** @type {string} */ text) => {
      said[name] += text;
      return true;
    };
  }
  const code = await runCli(argv);
  process.send?.({ code, ...said });
});
