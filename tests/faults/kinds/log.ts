/** The events that a service has written, as they are in its log. */
import { dataschemaOf, sourceOf, type Envelope } from '@retorno/contracts';
import type { World } from '../world';

/** An event and its topic. */
export interface Written {
  topic: string;
  envelope: Envelope;
}

/** Up to `count` events of a service, of those that `where` and `order` say. */
export async function writtenBy(
  world: World,
  service: string,
  count: number,
  { where = 'true', order }: { where?: string; order: string },
): Promise<Written[]> {
  const rows = await world.database.query<{ topic: string; key: string; key_seq: string; body: string }>(
    `select topic, key, key_seq, body from "${service}".stream_head join "${service}".event using (stream)
     where ${where} order by ${order} limit ${count}`,
  );
  return rows.map(({ topic, key, key_seq: seq, body }) => {
    const said = JSON.parse(body) as Pick<Envelope, 'id' | 'type' | 'time' | 'data'>;
    const envelope: Envelope = {
      specversion: '1.0',
      source: sourceOf(service),
      dataschema: dataschemaOf(said.type),
      datacontenttype: 'application/json',
      partitionkey: key,
      correlationid: key,
      keyseq: Number(seq),
      ...said,
    };
    return { topic, envelope };
  });
}

/** Writes one more event of a stream past the service, as a newer or a broken version of it would. */
export async function write(
  world: World,
  service: string,
  topic: string,
  key: string,
  body: object,
): Promise<void> {
  const session = await world.database.session();
  try {
    await session.query('begin');
    const { rows } = await session.query<{ stream: string; seq: string }>(
      `update "${service}".stream_head set next_seq = next_seq + 1 where topic = $1 and key = $2
       returning stream, next_seq - 1 as seq`,
      [topic, key],
    );
    const { stream, seq } = rows[0]!;
    await session.query(`insert into "${service}".event (stream, key_seq, body) values ($1, $2, $3)`, [
      stream,
      seq,
      JSON.stringify(body),
    ]);
    await session.query(
      `insert into "${service}".outbox (streams, firsts, counts, events)
       values (array[$1::bigint], array[$2::bigint], array[1], 1)`,
      [stream, seq],
    );
    await session.query('commit');
  } finally {
    await session.end().catch(() => undefined);
  }
}

/** Puts up to `count` events that were sent back among those that wait to be; gives how many. */
export async function backInOutbox(world: World, service: string, count: number): Promise<number> {
  const rows = await world.database.query(
    `insert into "${service}".outbox (streams, firsts, counts, events)
     select array[stream], array[key_seq], array[1], 1 from "${service}".event order by random() limit ${count}
     returning id`,
  );
  return rows.length;
}
