export * from './vocabulary';
export * from './event';
export * from './envelope';
export * from './topics';
export * from './catalogue';
export * from './returnee';
export * from './referral';
export * from './outcome';
export * from './case';
export type { CaseReferral } from './case-referral';
export * from './holdings';
export * from './restoring';
export * from './feedback';
export {
  EVENTS,
  TOPICS,
  contractOf,
  ownsStream,
  readersOf,
  topicsOf,
  writerOf,
  type TopicDeclaration,
} from './registry';
