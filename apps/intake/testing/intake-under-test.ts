/** The service as its specs use it: a real database, HTTP, and every event that it wrote. */
import type { Envelope } from '@retorno/contracts';
import { EmbeddedTransport, ManualClock } from '@retorno/messaging';
import { createLogger, createService, type Role, type RunningService } from '@retorno/service';
import type supertest from 'supertest';
import { COLUMNS, type Column } from '../manifests/columns';
import { intakeService } from '../service';

/** Cells of a row; those left out come from `GOOD_CELLS`. */
export type Cells = Partial<Record<Column, string>>;

export const GOOD_CELLS: Record<Column, string> = {
  external_id: 'x-1',
  sending_authority: 'consulate:us-miami',
  return_type: 'deportation',
  arrival_date: '2026-11-20',
  flight: 'US431',
  origin_country: 'US',
  nationality: 'PE',
  port_of_entry: 'LIM',
  family_names: 'Quispe Mamani',
  given_names: 'Rosa',
  date_of_birth: '1990-06-15',
  sex: 'F',
  document_type: 'none',
  document_number: '',
  household: '',
  relationship: 'single',
  phone: '',
  email: '',
  languages: 'es',
  years_abroad: '5',
  destination_ubigeo: '150101',
  vulnerabilities: '',
  needs: 'shelter',
  consent: 'granted',
  consent_at: '2026-11-20T08:00:00-05:00',
};

/** A row of a person of its own, who looks like nobody else, unless cells say otherwise. */
export function person(n: number, cells: Cells = {}): Cells {
  // Neighbours in the order of numbers are no neighbours in spelling or age.
  const shuffled = (n * 7_919 + 104_729) % 1_000_003;
  const letters = [...String(shuffled).padStart(6, '0')].map((digit) => 'bcdfghklmn'[Number(digit)]).join('');
  const day = new Date(Date.UTC(1950, 0, 1 + (shuffled % 20_000))).toISOString().slice(0, 10);
  return { external_id: `x-${n}`, given_names: `Rosa ${letters}`, date_of_birth: day, ...cells };
}

/** A manifest of these rows. */
export function csv(rows: readonly Cells[], columns: readonly Column[] = COLUMNS): string {
  const line = (cells: Cells) =>
    columns.map((column) => quoted(cells[column] ?? GOOD_CELLS[column])).join(',');
  return [columns.join(','), ...rows.map(line), ''].join('\r\n');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** What GET /intake/manifests/{id} answers. */
export interface Report {
  id: string;
  status: string;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  errors: { line: number; column: string | null; code: string; message: string }[];
  errorsNext: string | null;
}

/** An event that the service wrote. */
export interface WrittenEvent {
  name: string;
  key: string;
  data: { returneeId?: string; caseNumber?: string; consent?: unknown };
}

interface Router {
  stack: { route?: { path: string; methods: Record<string, boolean> } }[];
}

interface Database {
  url: string;
  stop(): Promise<void>;
}

/** Who asks: tests/support/visitors. This file runs under specs only, but is none, so that it is given them. */
interface Visitors {
  env: NodeJS.ProcessEnv;
  loginOf(bearer: { name: string; roles: readonly Role[]; authority?: string }): Promise<string>;
  request: typeof supertest;
}

const CLERK: readonly Role[] = ['operations-lead', 'intake', 'auditor'];

export class IntakeUnderTest {
  readonly clock = new ManualClock(new Date('2026-11-20T20:00:00Z'));
  private service!: RunningService;
  private transport!: EmbeddedTransport;
  private login!: string;

  private constructor(
    private readonly database: Database,
    private readonly visitors: Visitors,
  ) {}

  /** Owns the database from here on. */
  static async start(database: Database, visitors: Visitors): Promise<IntakeUnderTest> {
    const intake = new IntakeUnderTest(database, visitors);
    try {
      await intake.boot();
    } catch (error) {
      await database.stop();
      throw error;
    }
    return intake;
  }

  /** Starts the service on the same database; `env` are its settings. */
  async boot(env: Record<string, string> = {}): Promise<void> {
    this.login = await this.visitors.loginOf({ name: 'clerk', roles: CLERK });
    this.transport = new EmbeddedTransport();
    this.service = await createService(intakeService, {
      databaseUrl: this.database.url,
      transport: this.transport,
      clock: this.clock,
      logger: createLogger('intake', 'silent'),
      env: { MATCHING_KEY: '5a'.repeat(32), VAULT_KEY: '7a'.repeat(32), ...this.visitors.env, ...env },
    });
    await this.transport.start();
    await this.service.start();
  }

  async shutDown(): Promise<void> {
    await this.service.stop();
    await this.transport.stop();
  }

  async stop(): Promise<void> {
    await this.shutDown();
    await this.database.stop();
  }

  /** Requests of somebody who may do everything here. */
  get http() {
    return this.visitors.request.agent(this.service.http).set('authorization', this.login);
  }

  /** Requests of somebody who registers for one sending authority. */
  async of(authority: string) {
    const login = await this.visitors.loginOf({ name: 'consul', roles: ['intake'], authority });
    return this.visitors.request.agent(this.service.http).set('authorization', login);
  }

  /** Sends what another service would publish. */
  deliver(topic: string, envelope: Envelope): Promise<void> {
    return this.transport.publish([{ topic, envelope }]);
  }

  query<T>(sql: string, params: unknown[] = []): Promise<T[]> {
    return this.service.messaging.dataSource.query(sql, params);
  }

  /** `GET /intake/returnees/:id`: all that the service answers. */
  routes(): string[] {
    const { router } = this.service.app.getHttpAdapter().getInstance() as { router: Router };
    return router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map((method) => `${method.toUpperCase()} ${route?.path}`),
    );
  }

  /** Posts a manifest and waits for its report. */
  async import(body: string | Buffer): Promise<Report> {
    const { id } = await this.post(body);
    return this.report(id, (report) => report.status !== 'processing');
  }

  async post(body: string | Buffer): Promise<{ id: string }> {
    const answer = await this.http.post('/intake/manifests').type('text/csv').send(body).expect(202);
    return answer.body as { id: string };
  }

  /** The report, as soon as it is as wanted. */
  async report(id: string, wanted: (report: Report) => boolean): Promise<Report> {
    for (;;) {
      const report = (await this.http.get(`/intake/manifests/${id}`).expect(200)).body as Report;
      if (wanted(report)) return report;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Every event that the service wrote since the last call, in order: "name" and data. */
  async events(): Promise<WrittenEvent[]> {
    // Ids are in the order in which the events were decided.
    const rows = await this.query<{ id: string; topic: string; envelope: string }>(
      `select envelope::json ->> 'id' as id, topic, envelope from event_log where envelope::json ->> 'id' > $1 order by id`,
      [this.seen],
    );
    this.seen = rows.at(-1)?.id ?? this.seen;
    const sealed = rows.map(({ topic, envelope }) => ({ topic, envelope: JSON.parse(envelope) as Envelope }));
    return (await this.service.messaging.opened(sealed)).map(({ envelope: { type, partitionkey, data } }) => {
      return {
        name: type.replace(/^retorno\.|\.v\d+$/g, ''),
        key: partitionkey,
        data: data as WrittenEvent['data'],
      };
    });
  }

  private seen = '';
}
