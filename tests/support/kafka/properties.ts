/** The settings of a broker of one node that is small, starts fast and needs nobody. */
import { randomBytes } from 'node:crypto';

export interface Login {
  username: string;
  password: string;
}

export interface BrokerSettings {
  /** Where clients connect. */
  host: string;
  port: number;
  /** Where the broker itself listens for them; other than `port` inside a container. */
  bind: string;
  controllerPort: number;
  dataDir: string;
  /** Who may do everything; with it, everybody logs in with SCRAM-SHA-512 and may do what an access list says. */
  admin?: Login;
  /** Added to, or instead of, those from here. */
  extra: Readonly<Record<string, string>>;
}

/** As server.properties. */
export function serverProperties(settings: BrokerSettings): string {
  const all = {
    ...common(settings),
    ...(settings.admin ? guarded(settings.admin) : {}),
    ...settings.extra,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function common({ host, port, bind, controllerPort, dataDir }: BrokerSettings): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `CLIENT://${bind},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENT://${host}:${port}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'CLIENT',
    'log.dirs': dataDir.replaceAll('\\', '/'),
    'auto.create.topics.enable': 'false',
    'num.partitions': '1',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // A killed broker is let in again only when its old session is over.
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '3000',
    // Without these two, a heap of 256 MB is not enough.
    'log.cleaner.dedupe.buffer.size': '2097152',
    'log.index.size.max.bytes': '1048576',
  };
}

function guarded({ username, password }: Login): Record<string, string> {
  const module = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  return {
    'listener.security.protocol.map': 'CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'listener.name.client.scram-sha-512.sasl.jaas.config': `${module} required username="${username}" password="${password}";`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Nobody is anonymous but the broker on its own controller's port.
    'super.users': `User:${username};User:ANONYMOUS`,
    'allow.everyone.if.no.acl.found': 'false',
  };
}

/** Arguments of `kafka-storage` that make new data; the users are known from the first start on. */
export function formatArguments(propertiesFile: string, users: readonly Login[]): string[] {
  // The zero keeps the id from looking like an option: base64url may begin with a dash.
  const clusterId = Buffer.concat([Buffer.of(0), randomBytes(15)]).toString('base64url');
  const scram = users.flatMap(({ username, password }) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${username},password=${password}]`,
  ]);
  return ['format', '--cluster-id', clusterId, '--config', propertiesFile, ...scram];
}
