/** Programs that end with the process that started them, even when that one is killed. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SCRIPTS } from './find';

export interface Running {
  pid: number;
  /** How it ended, when it has. */
  ended: Promise<string>;
}

/** One for each folder; removes the folder when this process ends without having released it. */
export class Keeper {
  private readonly keeper: ChildProcess;

  constructor(folder: string) {
    // Detached: Ctrl-C in a terminal reaches the whole group, and somebody must be left to clean up.
    this.keeper = fork(join(SCRIPTS, 'keeper.mjs'), [folder], {
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** Starts a program, one at a time, with its output added to the file `log`. */
  async run(command: readonly string[], log: string): Promise<Running> {
    let started: (pid: number) => void;
    const pid = new Promise<number>((resolve) => (started = resolve));
    const ended = new Promise<string>((resolve) => {
      const listen = (message: { pid?: number; ended?: string }) => {
        if (message.pid !== undefined) started(message.pid);
        if (message.ended === undefined) return;
        this.keeper.off('message', listen).off('exit', alone);
        resolve(message.ended);
      };
      const alone = () => resolve('its keeper ended');
      this.keeper.on('message', listen).once('exit', alone);
    });
    this.keeper.send({ run: command, log });
    const failed = ended.then((how): never => {
      throw new Error(`${command[0]}: ${how}`);
    });
    failed.catch(() => undefined);
    return { pid: await Promise.race([pid, failed]), ended };
  }

  /** Ends what still runs, and removes the folder. */
  async release(): Promise<void> {
    const { keeper } = this;
    if (keeper.exitCode !== null || keeper.signalCode !== null) return;
    const gone = once(keeper, 'exit');
    keeper.disconnect();
    await gone;
  }
}
