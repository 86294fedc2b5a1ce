/** The names of the topics, and what can be told from a name. Who writes and reads them stands in registry.ts. */

export const CATALOGUE_TOPIC = 'agencies.catalogue.v1';
export const RETURNEES_TOPIC = 'intake.returnees.v1';
export const CASES_TOPIC = 'cases.v1';
export const FEEDBACK_TOPIC = 'cases.feedback.v1';
/** Matches the answers of every agency, also of one that is added later. */
export const ALL_ANSWERS = 'referrals.*.answers.v1';

/** Where the coordinator writes what it asks of an agency. */
export function requestsTopic(agency: string): string {
  return `referrals.${agency}.requests.v1`;
}

/** Where an agency answers. */
export function answersTopic(agency: string): string {
  return `referrals.${agency}.answers.v1`;
}

/** Where a service is asked to send part of a stream again, by whoever reads one of its topics. */
export function resendsTopic(service: string): string {
  return `resends.${service}.v1`;
}

/** True when a topic is the pattern or matches it; `*` stands for one segment. */
export function topicMatches(pattern: string, topic: string): boolean {
  if (!pattern.includes('*')) return pattern === topic;
  const want = pattern.split('.');
  const have = topic.split('.');
  return want.length === have.length && want.every((part, i) => part === '*' || part === have[i]);
}

const AGENCY_TOPIC = /^referrals\.([a-z][a-z0-9-]*)\.(requests|answers)\.v1$/;

/** Finds the agency whose requests or answers a topic carries; undefined for any other topic. */
export function agencyOf(topic: string): string | undefined {
  return AGENCY_TOPIC.exec(topic)?.[1];
}

/** Finds the agency whose answers a topic carries; undefined for any other topic. */
export function agencyOfAnswers(topic: string): string | undefined {
  const [, agency, kind] = AGENCY_TOPIC.exec(topic) ?? [];
  return kind === 'answers' ? agency : undefined;
}

/**
 * Whose personal data a stream carries: the name of a key in the vault, `<space>/<stream key>`. Intake and the coordinator
 * share the space `case`; each agency has its own, so that no two can join their files by it.
 */
export function subjectOf(topic: string, key: string): string {
  return `${agencyOf(topic) ?? CASE_SPACE}/${key}`;
}

const CASE_SPACE = 'case';

/** The subject of a case as intake and the coordinator know it. */
export function subjectOfCase(caseId: string): string {
  return `${CASE_SPACE}/${caseId}`;
}

/** The subject of a case as one agency knows it. */
export function subjectAt(agency: string, caseRef: string): string {
  return `${agency}/${caseRef}`;
}
