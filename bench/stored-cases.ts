/**
 * Fills the database with copies of real cases: every row that belongs to one, in every service's tables, under new ids that
 * fit together, by set-based SQL. All copies are older than 30 days, so of their events only the cases' timelines are left.
 */
import { Client } from 'pg';

/** Tables with rows of cases; `timer` keeps its dates, since a due one would be run. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  coordinator: ['case_file', 'open_case', 'person', 'escalation', 'timer', 'stream_head', 'stream_cursor'],
  statistics: ['case_tally', 'case_row', 'agency_row', 'stream_cursor'],
  intake: ['returnee', 'manifest_row', 'case_feedback', 'stream_head', 'stream_cursor'],
};
const AGENCY_TABLES = ['referral', 'stream_head', 'stream_cursor'];
/** Copies of all originals in one transaction. */
const AT_ONCE = 100;
/** Over how long the copies are spread, and how old the newest is, days. */
const SPREAD_DAYS = 1095;
const NEWEST_DAYS = 31;

interface Column {
  name: string;
  type: string;
}

interface Original {
  schema: string;
  table: string;
  columns: Column[];
}

/** What the next run has to know. */
interface Kept {
  originals: Original[];
  count: number;
  most_copies: number;
  copies: number;
}

export class StoredCases {
  private constructor(
    private readonly url: string,
    private readonly originals: readonly Original[],
    private readonly count: number,
    private readonly mostCopies: number,
    /** How often all originals have been copied. */
    private copies = 0,
  ) {}

  /** Those that an earlier run left in its database, if any. */
  static async kept(url: string): Promise<StoredCases | undefined> {
    const client = await connected(url);
    try {
      const { rows } = await client.query<{ is: boolean }>(
        `select to_regclass('original.kept') is not null as is`,
      );
      if (!rows[0]!.is) return undefined;
      const { rows: kept } = await client.query<Kept>('select * from original.kept');
      const { originals, count, most_copies: mostCopies, copies } = kept[0]!;
      return new StoredCases(url, originals, count, mostCopies, copies);
    } finally {
      await client.end();
    }
  }

  /** Takes what the database holds now, `count` cases, for the originals; `most` cases will be made of them. With `services` only theirs, and no streams: half of a stream counts as lost. */
  static async of(
    url: string,
    agencies: readonly string[],
    count: number,
    most: number,
    services?: readonly string[],
  ): Promise<StoredCases> {
    const tables = [...Object.entries(TABLES), ...agencies.map((agency) => [agency, AGENCY_TABLES] as const)]
      .filter(([schema]) => services?.includes(schema) ?? true)
      .flatMap(([schema, names]) => names.map((table) => ({ schema, table })))
      .filter(({ table }) => !services || !table.startsWith('stream_'));
    const client = await connected(url);
    try {
      await client.query(PREPARATION);
      const originals: Original[] = [];
      for (const { schema, table } of tables) {
        const columns = await columnsOf(client, schema, table);
        await client.query(
          `create table original.${named(schema, table)} as
           select ${columns.map((c) => `${withMarks(c)} as "${c.name}"`).join(', ')} from "${schema}"."${table}"
           where ${ofCases(table)}`,
        );
        originals.push({ schema, table, columns });
      }
      return new StoredCases(url, originals, count, Math.ceil(most / count));
    } finally {
      await client.end();
    }
  }

  /** Makes copies until so many cases are stored; those beyond `timelines` cases come without their timeline. */
  async fill(cases: number, timelines: number): Promise<void> {
    const wanted = Math.round(cases / this.count);
    await Promise.all([
      this.copyAll(wanted, timelines, (schema) => schema === 'coordinator'),
      this.copyAll(wanted, timelines, (schema) => schema !== 'coordinator'),
    ]);
    this.copies = Math.max(this.copies, wanted);
    await this.keep();
    await this.countEnded();
  }

  /** As the coordinator does while cases end. */
  private async countEnded(): Promise<void> {
    const client = await connected(this.url);
    try {
      await client.query('truncate coordinator.ended_cases');
      await client.query(
        `insert into coordinator.ended_cases (status, cases)
         select status, count(*) from coordinator.case_file where status in ('completed', 'closed') group by status`,
      );
    } finally {
      await client.end();
    }
  }

  private async keep(): Promise<void> {
    const client = await connected(this.url);
    try {
      await client.query('truncate original.kept');
      await client.query('insert into original.kept values ($1, $2, $3, $4)', [
        JSON.stringify(this.originals),
        this.count,
        this.mostCopies,
        this.copies,
      ]);
    } finally {
      await client.end();
    }
  }

  private async copyAll(
    wanted: number,
    timelines: number,
    isMine: (schema: string) => boolean,
  ): Promise<void> {
    const client = await connected(this.url);
    try {
      await client.query('set synchronous_commit = off');
      for (let from = this.copies + 1; from <= wanted; from += AT_ONCE) {
        const to = Math.min(from + AT_ONCE - 1, wanted);
        await client.query('begin');
        for (const original of this.originals)
          if (isMine(original.schema)) await this.copy(client, original, from, to);
        if (isMine('coordinator') && to * this.count <= timelines) await this.copyTimelines(client, from, to);
        await client.query('commit');
      }
    } finally {
      await client.end();
    }
  }

  private async copy(client: Client, { schema, table, columns }: Original, from: number, to: number) {
    await client.query(
      `insert into "${schema}"."${table}" (${columns.map((c) => `"${c.name}"`).join(', ')})
       select ${columns.map((c) => this.copied(table, c)).join(', ')}
       from generate_series(${from}, ${to}) as n cross join original.${named(schema, table)}`,
    );
  }

  /** Under the streams' new numbers. */
  private async copyTimelines(client: Client, from: number, to: number): Promise<void> {
    await client.query(
      `insert into coordinator.event (stream, key_seq, at, body)
       select h.stream, e.key_seq, e.at - ${this.age()}, original.copy(e.body, n)
       from generate_series(${from}, ${to}) as n cross join original.timeline e
       join coordinator.stream_head h on h.topic = 'cases.v1' and h.key = original.copy(e.key, n)`,
    );
  }

  private copied(table: string, { name, type }: Column): string {
    if (type === 'timestamptz') return table === 'timer' ? `"${name}"` : `"${name}" - ${this.age()}`;
    if (name === 'manifest_id') return name;
    if (type === 'uuid') return `original.copy("${name}", n)::uuid`;
    if (name === 'line') return `line + n * ${this.count}`;
    return type === 'text' ? `original.copy("${name}", n)` : `"${name}"`;
  }

  /** Later copies are younger, as if they had come one after the other. */
  private age(): string {
    const share = `(${this.mostCopies} - n)::float8 / ${this.mostCopies}`;
    return `interval '1 day' * (${NEWEST_DAYS} + ${SPREAD_DAYS} * ${share})`;
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'bench-stored' });
  await client.connect();
  return client;
}

async function columnsOf(client: Client, schema: string, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select column_name as name, udt_name as type from information_schema.columns
     where table_schema = $1 and table_name = $2 and is_identity = 'NO' order by ordinal_position`,
    [schema, table],
  );
  return rows;
}

/** What tells one case from another gets a mark: the first digits of ids, the number, and the sender's id. */
function withMarks({ name, type }: Column): string {
  if (name === 'manifest_id') return name;
  if (name === 'external_id' || name === 'person_key') return `"${name}" || '-########'`;
  // A copy has another key than its original, so what is sealed in it could not be opened: it counts as erased, and keeps
  // its size.
  if (name === 'body' || name === 'details')
    return `replace(original.marked("${name}"::text), '"sealed":"', '"sealed":"","was":"')`;
  return type === 'text' || type === 'uuid' ? `original.marked("${name}"::text)` : `"${name}"`;
}

/** Catalogues are no case's. */
function ofCases(table: string): string {
  return table.startsWith('stream_') ? `topic <> 'agencies.catalogue.v1'` : 'true';
}

function named(schema: string, table: string): string {
  return `"${schema}_${table}"`;
}

/** An id's first eight digits are marked: a copy's are those of its number, scattered so that no two are neighbours. */
const PREPARATION = `
  create schema original;
  create table original.kept (originals jsonb, count int, most_copies int, copies int);
  create function original.marked(text) returns text language sql immutable as $$
    select regexp_replace(regexp_replace($1,
      '(?<![0-9a-f])[0-9a-f]{8}(?=(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}(?![0-9a-f]))', '########', 'g'),
      '(RT-20[0-9]{2}-)', '\\1@@@@@@', 'g') $$;
  create function original.copy(text, n int) returns text language sql immutable as $$
    select replace(replace($1, '########', lpad(to_hex(n::bigint * 2654435761 % 4294967296), 8, '0')),
      '@@@@@@', n::text) $$;
  create table original.timeline as
    select original.marked(key) as key, key_seq, at, original.marked(body) as body
    from coordinator.event join coordinator.stream_head using (stream) where topic = 'cases.v1';
`;
