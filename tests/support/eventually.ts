/**
 * Waiting for a condition, never for a time: how long it takes says how busy the machine is, so patience is ample and
 * only what never comes is waited for in full.
 */
const PATIENCE_MS = 60_000;

/** Asks again until the condition holds, and gives what it gave; throws its last answer or error after `ms`. */
export async function eventually<T>(condition: () => Promise<T> | T, ms = PATIENCE_MS): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    let last: unknown;
    try {
      const value = await condition();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw last instanceof Error ? last : new Error(`not so within ${ms} ms: ${String(condition)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Whether the condition comes to hold within `ms`. */
export function isSo(condition: () => Promise<boolean> | boolean, ms: number): Promise<boolean> {
  return eventually(condition, ms).catch(() => false);
}
