/** An answer, or an error after `ms`, by the monotonic clock: kafkajs' own limits stand still when the clock is set back. */
export async function within<T>(ms: number, what: string, answer: Promise<T>): Promise<T> {
  let timeout: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => reject(new Error(`${what}: no answer within ${ms / 1000} s`)), ms);
  });
  // Whoever has given up must not be told of a later failure as one that nobody took.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timeout);
  }
}
