/** A broker as a Java process, ended with the process that started it. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keeper, type Running } from './keeper';
import type { Machine } from './machine';
import { formatArguments, serverProperties, type BrokerSettings, type Login } from './properties';

const SMALL = ['-Xmx256m', '-XX:+UseSerialGC', '-Dlog4j2.level=INFO'];
const OUTPUT_LINES = 40;

export class JavaBroker implements Machine {
  private broker: Running | undefined;
  private end: string | undefined;

  private constructor(
    private readonly java: readonly string[],
    private readonly folder: string,
    private readonly keeper: Keeper,
  ) {}

  /** Makes a folder with empty data in which the users are known. */
  static async make(
    installed: { java: string; jars: string },
    settings: Omit<BrokerSettings, 'dataDir' | 'bind'>,
    users: readonly Login[],
  ): Promise<JavaBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'retorno-kafka-'));
    const java = [installed.java, ...SMALL, '-cp', join(installed.jars, '*')];
    const broker = new JavaBroker(java, folder, new Keeper(folder));
    try {
      const bind = `127.0.0.1:${settings.port}`;
      const properties = serverProperties({ ...settings, bind, dataDir: join(folder, 'data') });
      await writeFile(broker.properties, properties, { mode: 0o600 });
      await broker.format(users);
      return broker;
    } catch (error) {
      await broker.remove();
      throw error;
    }
  }

  get pid(): number {
    if (!this.broker) throw new Error('the broker was never started');
    return this.broker.pid;
  }

  async start(): Promise<void> {
    this.end = undefined;
    const broker = await this.keeper.run([...this.java, 'kafka.Kafka', this.properties], this.log);
    this.broker = broker;
    void broker.ended.then((how) => (this.end = how));
  }

  ended(): string | undefined {
    return this.end;
  }

  kill(): Promise<void> {
    return this.signal('SIGKILL');
  }

  shutDown(): Promise<void> {
    return this.signal('SIGTERM');
  }

  remove(): Promise<void> {
    return this.keeper.release();
  }

  async output(): Promise<string> {
    const lines = (await readFile(this.log, 'utf8').catch(() => '')).trimEnd().split('\n');
    return lines.slice(-OUTPUT_LINES).join('\n');
  }

  private get properties(): string {
    return join(this.folder, 'server.properties');
  }

  private get log(): string {
    return join(this.folder, 'output.log');
  }

  private async format(users: readonly Login[]): Promise<void> {
    const storage = [...this.java, '-XX:TieredStopAtLevel=1', 'kafka.tools.StorageTool'];
    const args = formatArguments(this.properties, users);
    const formatting = await this.keeper.run([...storage, ...args], this.log);
    const end = await formatting.ended;
    if (end !== 'exit code 0') throw new Error(`formatting: ${end}\n${await this.output()}`);
  }

  private async signal(signal: NodeJS.Signals): Promise<void> {
    if (!this.broker || this.end !== undefined) return;
    process.kill(this.broker.pid, signal);
    await this.broker.ended;
  }
}
