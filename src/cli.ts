#!/usr/bin/env node
import { runCli } from './commands/program.ts';

// A reader that went away (`| head`) is no failure of ours, and changes no exit code: what has been
// measured is still judged.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2));
