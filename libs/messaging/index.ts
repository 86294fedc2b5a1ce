export { ManualClock, systemClock, type Clock } from './clock';
export { arrayLiteral, documentStore } from './reading/document-store';
export type { Change, DocumentStoreOptions, StateStore } from './reading/store';
export { STREAM_LOST, timerPattern, type Handler, type MessagingOptions } from './reading/handlers';
export { UnfitEvent } from './parking/unfit-event';
export type { Backlog } from './backlog';
export { Messaging, Stopped, type MessagingDeps } from './messaging';
export type { Claim, Claimed, Which } from './parking/claims';
export type { Edited, ParkedMessage } from './parking/editing';
export type { RedriveFailure, RedriveJob, RedriveOrder } from './parking/redrive-job-table';
export type { ParkedStream } from './parking/standstill-list';
export type { StandingEvent, StandingEvents } from './parking/standing-events';
export type { RelayOptions } from './writing/relay';
export type { Differences, RollCallOptions } from './roll-call/roll-call-deps';
export type { LostEvents } from './reading/positions';
export { Messaging1700000000000 } from './schema';
export { ConcurrentChange, causeOf, prepared } from './sql';
export { MessagingStrategy } from './reading/strategy';
export { openBytes, SealBroken, sealBytes } from './vault/seal';
export { contextOf, detached } from './tracing';
export { secondsSince, type Part, type Telemetry, type Work } from './telemetry';
export type {
  Lag,
  ResendRequest,
  StreamRange,
  Subscriber,
  Subscription,
  Transport,
  TransportRecord,
  Word,
} from './transport';
export { EmbeddedTransport, NoTransport, type EmbeddedOptions } from './transports/embedded';
export { KafkaTransport, type KafkaOptions } from './transports/kafka/kafka';
export { kafkaClient, type KafkaConnection } from './transports/kafka/client';
export type { DocumentKey, EventContext, NewEvent, UnitOfWork } from './reading/unit-of-work';
export { Waker } from './waker';
export { ERASED, Keyring, type KeyVault, type SubjectKey } from './vault/key-vault';
export { configuredWrapper, VAULT_KEY, type KeyWrapper } from './vault/key-wrapper';
export { PostgresVault } from './vault/postgres-vault';
export { otherwiseWrapped, rewrapKeys, type Rewrapped } from './vault/rewrap';
export { installVault } from './vault/vault-schema';
export { chained } from './reading/cursors';
