/** Which of the topics that somebody names are there. */
import { topicMatches } from '@retorno/contracts';
import type { Admin } from 'kafkajs';

/** Topics as they are now. */
export interface Found {
  /** Those that exist, sorted; patterns are looked up because kafkajs does so only once. */
  topics: readonly string[];
  /** Those named that do not, or that we may not see. */
  missing: readonly string[];
}

/** Looks up topics and patterns (`referrals.*.answers.v1`). */
export async function lookUp(admin: Admin, wanted: readonly string[]): Promise<Found> {
  const existing = await admin.listTopics();
  return {
    topics: existing.filter((topic) => wanted.some((pattern) => topicMatches(pattern, topic))).sort(),
    missing: wanted.filter((topic) => !isPattern(topic) && !existing.includes(topic)),
  };
}

export function isPattern(topic: string): boolean {
  return topic.includes('*');
}

/** Says what is wrong and what to do. */
export function whatIsMissing(topics: readonly string[]): string {
  return `no topic ${topics.join(', ')}, or no right to see it: run \`npm run topics\``;
}
