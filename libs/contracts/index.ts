export * from './vocabulary';
export * from './event';
export * from './envelope';
export * from './topics';
export * from './catalogue';
export * from './returnee';
export * from './referral';
export * from './case';
export { EVENTS, TOPICS, contractOf, type TopicDeclaration } from './registry';
