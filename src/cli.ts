#!/usr/bin/env node
import { reportError, runCli } from './commands/program.ts';

// A reader that went away (`| head`) is no failure of ours, and changes no exit code: what has been
// measured is still judged.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// What Node itself would print of an error that nobody caught may hold a key.
process.on('uncaughtException', (error) => {
  void reportError(error).then((code) => process.exit(code));
});

process.exitCode = await runCli(process.argv.slice(2));
