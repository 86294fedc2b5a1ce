/** A broker in a container of Apache Kafka's own image. */
import type { Readable } from 'node:stream';
import type { StartedTestContainer } from 'testcontainers';
import type { Machine } from './machine';
import { formatArguments, serverProperties, type BrokerSettings, type Login } from './properties';

const INSIDE = 9092;
const PROPERTIES = '/tmp/retorno.properties';
const DATA = '/tmp/retorno-data';
const OUTPUT_LINES = 40;

/** Testcontainers removes the container when this process ends, however. */
export class DockerBroker implements Machine {
  private container: StartedTestContainer | undefined;
  private readonly lines: string[] = [];

  constructor(
    private readonly image: string,
    private readonly settings: Omit<BrokerSettings, 'dataDir' | 'bind'>,
    private readonly users: readonly Login[],
  ) {}

  async start(): Promise<void> {
    if (this.container) await (await this.inEngine()).start();
    else this.container = await this.create();
  }

  ended(): string | undefined {
    return undefined;
  }

  async kill(): Promise<void> {
    const container = await this.inEngine();
    if (!(await container.inspect()).State.Running) return;
    await container.kill({ signal: 'SIGKILL' });
    await container.wait();
  }

  async shutDown(): Promise<void> {
    const container = await this.inEngine();
    if ((await container.inspect()).State.Running) await container.stop({ t: 30 });
  }

  async remove(): Promise<void> {
    await this.container?.stop({ timeout: 0 });
  }

  async output(): Promise<string> {
    return this.lines.join('').trimEnd().split('\n').slice(-OUTPUT_LINES).join('\n');
  }

  /** The image's own start-up cannot make users, so the same two steps as elsewhere: format unless done, then serve. */
  private async create(): Promise<StartedTestContainer> {
    // Loaded only where there is Docker: it takes its time.
    const { GenericContainer } = await import('testcontainers');
    const bind = `0.0.0.0:${INSIDE}`;
    const format = formatArguments(PROPERTIES, this.users);
    const steps =
      'set -e; /opt/kafka/bin/kafka-storage.sh "$@" --ignore-formatted; ' +
      `exec /opt/kafka/bin/kafka-server-start.sh ${PROPERTIES}`;
    return await new GenericContainer(this.image)
      .withExposedPorts({ container: INSIDE, host: this.settings.port })
      .withEnvironment({ KAFKA_HEAP_OPTS: '-Xmx256m', KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC' })
      .withCopyContentToContainer([
        {
          content: serverProperties({ ...this.settings, bind, dataDir: DATA }),
          target: PROPERTIES,
          mode: 0o644,
        },
      ])
      .withEntrypoint(['/bin/sh', '-c', steps, 'start'])
      .withCommand(format)
      .withStartupTimeout(60_000)
      .withLogConsumer((stream: Readable) => stream.on('data', (chunk) => this.remember(String(chunk))))
      .start();
  }

  private async inEngine() {
    if (!this.container) throw new Error('the broker was never started');
    const { getContainerRuntimeClient } = await import('testcontainers');
    const engine = await getContainerRuntimeClient();
    return engine.container.getById(this.container.getId());
  }

  private remember(chunk: string): void {
    this.lines.push(chunk);
    if (this.lines.length > 1_000) this.lines.splice(0, 500);
  }
}
