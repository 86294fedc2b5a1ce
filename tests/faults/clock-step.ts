/**
 * Loaded before a service's main (`node --require`): on SIGUSR2 its wall clock is moved by the milliseconds that stand in
 * CLOCK_STEPS/<pid>. Timeouts run on, as they do when a machine's clock is set.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const folder = process.env['CLOCK_STEPS'];
const RealDate = Date;
let offset = 0;

class SteppedDate extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...(given as [number]));
  }

  static override now(): number {
    return RealDate.now() + offset;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.toString.call(value) === '[object Date]';
  }
}

if (folder !== undefined) {
  globalThis.Date = SteppedDate as DateConstructor;
  process.on('SIGUSR2', () => {
    offset = Number(readFileSync(join(folder, String(process.pid)), 'utf8'));
  });
}
