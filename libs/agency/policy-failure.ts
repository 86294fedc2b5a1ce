/**
 * An error of an agency's own code, told without its words: they may quote the referral, and a parked message's cause is
 * shown and logged.
 */
class PolicyFailed extends Error {
  override readonly name = 'PolicyFailed';
}

/** What failed, the error's class and where in the code it was thrown; nothing of what it says. */
export function policyFailed(slug: string, at: string, error: unknown): PolicyFailed {
  const place = placeOf(error);
  return new PolicyFailed(
    `The policy of ${slug} failed (${at}): ${classOf(error)}${place === undefined ? '' : ` at ${place}`}`,
  );
}

/** Its `name` can be anything; the class was written by a programmer. */
function classOf(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const { name } = error.constructor;
  return /^\w{1,60}$/.test(name) ? name : 'Error';
}

/** File and line of the topmost frame. The stack begins with the error's words, which may look like frames themselves. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
  const words = error.stack.indexOf(error.message);
  if (words < 0) return undefined;
  const frames = error.stack.slice(words + error.message.length);
  return /^\s+at .*?([\w.-]{1,80}\.[cm]?[jt]s:\d+):\d+\)?$/m.exec(frames)?.[1];
}
