export { Allow, AllowAgency, AllowKnown, AllowOwnAgency, callerIn, Public, Who } from './access/allow';
export { ROLES, type Caller, type Role } from './access/caller';
export { ClientTokens } from './access/client-tokens';
export { discovery } from './access/discovery';
export { AccessSettings, ClientSettings } from './access/settings';
export { Throttle, ThrottleSettings } from './access/throttle';
export { tokensOf, type Tokens } from './access/tokens';
export { Audit } from './audit/audit';
export {
  newestFirst,
  auditPage,
  AuditQuery,
  OUTCOMES,
  type AuditView,
  type Outcome,
} from './audit/audit-query';
export { entryOf } from './audit/entry';
export { verifyAudits, type AuditReport } from './audit/verify';
export { BEGINNING, breakOf, linkOf } from './chain';
export { commitAudit, noteAbout, noteRefusal } from './audit/observe';
export { AuditSettings } from './audit/settings';
export { mondayOf, peruCalendar, type Calendar } from './calendar';
export { holdingsPage, holdingsView } from './holdings';
export { ESCALATION_WORDS } from './escalation-words';
export { readForm } from './form';
export { html, Html } from './html';
export { csvOf } from './csv';
export { assertVault, openDatabase, provision, type MigrationClass } from './database';
export { AreBrokers, brokersIn, kafkaConnection, KafkaSettings, transportFrom } from './kafka-settings';
export { isThisMachine, listen, misdirected, notReady, stopListening } from './listening';
export { KeptBriefly } from './kept-briefly';
export { createLogger } from './logger';
export { beforeScrape, counter, gauge, histogram } from './metrics';
export { describe, onTermination, runService } from './main';
export { noteReadiness, OperationsModule } from './operations';
export { nearestOffices, servesAt, type Whereabouts } from './nearness';
export { OwnRows, ownRowsRole, WHOSE, type Rows } from './own-rows';
export { page, type Page } from './page';
export { PageQuery } from './page-query';
export { invalidFields, problem, ProblemError, type FieldError } from './problem';
export {
  CLOCK,
  createNest,
  createService,
  isBelow,
  LOGGER,
  routeOf,
  SETTINGS,
  VAULT,
  type RunningService,
  type ServiceDefinition,
  type ServiceEnvironment,
} from './service';
export { isStorable, OptionalText, Text } from './text';
export { readSettings, SettingsError } from './settings';
export { VaultSettings } from './vault-settings';
