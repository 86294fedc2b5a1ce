/** Who is logged in to the console: kept in its database, so that a restart or another process knows it as well. */
import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@retorno/service';
import { ResponseBodyError } from 'openid-client';
import { DataSource } from 'typeorm';
import { Issuer, type Granted, type Tokens } from './issuer';
import { Sealer } from './sealed';
import { ConsoleSettings } from '../settings';

/** A working day: after it, whoever they are, they log in again, ms. */
const LONGEST_MS = 10 * 3_600_000;
/** An access token is replaced so long before it ends, ms. */
const MARGIN_MS = 20_000;

interface SessionRow {
  tokens: Buffer;
  fresh_until: Date;
}

@Injectable()
export class Sessions {
  private readonly sealer: Sealer;
  /** One refresh at a time for each session: the issuer takes a refresh token once. */
  private readonly refreshing = new Map<string, Promise<Tokens | undefined>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly issuer: Issuer,
    @Inject(SETTINGS) settings: ConsoleSettings,
  ) {
    this.sealer = new Sealer(settings.OIDC_CLIENT_SECRET, 'sessions');
  }

  /** Begins a session; gives what its cookie holds. Sessions that are over are cleared on the way. */
  async begin(granted: Granted): Promise<string> {
    const id = randomBytes(32).toString('base64url');
    await this.dataSource.query('delete from session where ends_at < now()');
    await this.dataSource.query(
      `insert into session (id_hash, tokens, fresh_until, began_at, ends_at)
       values ($1, $2, now() + $3 * interval '1 ms', now(), now() + $4 * interval '1 ms')`,
      [hashOf(id), this.sealed(granted.tokens), granted.lifeMs - MARGIN_MS, LONGEST_MS],
    );
    return id;
  }

  /** The tokens of a session, fresh ones if need be; undefined when there is none any more. */
  async tokensOf(id: string): Promise<Tokens | undefined> {
    const found = await this.find(id);
    if (!found) return undefined;
    if (found.fresh_until > new Date()) return this.opened(found);
    const under = this.refreshing.get(id) ?? this.refreshed(id);
    this.refreshing.set(id, under);
    return under.finally(() => this.refreshing.delete(id));
  }

  /** Ends it; gives its last tokens. */
  async end(id: string): Promise<Tokens | undefined> {
    const [rows]: [SessionRow[], number] = await this.dataSource.query(
      'delete from session where id_hash = $1 returning tokens',
      [hashOf(id)],
    );
    return rows[0] && this.opened(rows[0]);
  }

  private async find(id: string): Promise<SessionRow | undefined> {
    const rows: SessionRow[] = await this.dataSource.query(
      'select tokens, fresh_until from session where id_hash = $1 and ends_at > now()',
      [hashOf(id)],
    );
    return rows[0];
  }

  /** Under a lock: another process may be refreshing the same session. */
  private refreshed(id: string): Promise<Tokens | undefined> {
    return this.dataSource.transaction(async (tx) => {
      const rows: SessionRow[] = await tx.query(
        'select tokens, fresh_until from session where id_hash = $1 and ends_at > now() for update',
        [hashOf(id)],
      );
      const found = rows[0];
      const before = found && this.opened(found);
      if (!found || !before || found.fresh_until > new Date()) return before;
      const granted = await this.issuer.refresh(before).catch((error: unknown) => {
        // Refused is over; an issuer that is away is not.
        if (error instanceof ResponseBodyError) return undefined;
        throw error;
      });
      if (!granted) {
        await tx.query('delete from session where id_hash = $1', [hashOf(id)]);
        return undefined;
      }
      await tx.query(
        `update session set tokens = $2, fresh_until = now() + $3 * interval '1 ms' where id_hash = $1`,
        [hashOf(id), this.sealed(granted.tokens), granted.lifeMs - MARGIN_MS],
      );
      return granted.tokens;
    });
  }

  private sealed(tokens: Tokens): Buffer {
    return this.sealer.seal(JSON.stringify(tokens));
  }

  private opened({ tokens }: Pick<SessionRow, 'tokens'>): Tokens | undefined {
    const text = this.sealer.open(tokens);
    return text === undefined ? undefined : (JSON.parse(text) as Tokens);
  }
}

function hashOf(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
