// Runs a broker for another process and outlives it by moments only: when that one ends, however, the broker ends and its
// folder goes. Started by fork; takes {run: [command, ...arguments], log} and answers {pid}, then {ended} when it ends.
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';

const folder = process.argv[2];
let child;

process.on('message', ({ run: [command, ...args], log }) => {
  const output = openSync(log, 'a');
  const started = spawn(command, args, { stdio: ['ignore', output, output], cwd: folder });
  closeSync(output);
  child = started;
  const ended = (how) => {
    child = undefined;
    tell({ ended: how });
  };
  started.on('error', (error) => ended(error.message));
  started.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
  if (started.pid) tell({ pid: started.pid });
});

process.on('disconnect', () => {
  if (!child) leave();
  child.once('exit', leave);
  child.kill('SIGKILL');
});

function leave() {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit();
}

function tell(message) {
  if (process.connected) process.send(message, () => {});
}
