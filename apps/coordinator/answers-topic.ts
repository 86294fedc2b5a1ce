/** Finds the agency whose answers a topic carries; undefined for any other topic. */
export function agencyOfAnswers(topic: string): string | undefined {
  return /^referrals\.(.+)\.answers\.v1$/.exec(topic)?.[1];
}
