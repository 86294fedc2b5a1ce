/** Loaded before a service's main by whoever starts it here: the service then drains and ends also when its parent was killed. */
import process from 'node:process';

function end(): void {
  process.kill(process.pid, 'SIGTERM');
}

process.once('disconnect', end);
if (!process.connected) end();
