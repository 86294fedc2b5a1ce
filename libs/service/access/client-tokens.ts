/** How a system of ours says who it is when it asks another service: client credentials (RFC 6749 4.4). */
import { clientCredentialsGrant } from 'openid-client';
import { discovery } from './discovery';
import type { ClientSettings } from './settings';

/** A token is replaced so long before it ends, ms: the request that carries it must still arrive. */
const MARGIN_MS = 30_000;

/** The token of one client, fetched when it is needed and kept until it is about to end. */
export class ClientTokens {
  private readonly issuer: ReturnType<typeof discovery>;
  private current: Promise<{ token: string; until: number }> | undefined;

  constructor(private readonly settings: ClientSettings) {
    this.issuer = discovery(settings);
  }

  /** Value of an Authorization header. Throws when the issuer cannot be reached or refuses. */
  async bearer(): Promise<string> {
    let kept = await this.current?.catch(() => undefined);
    if (!kept || kept.until <= Date.now()) {
      this.current = this.fetched();
      kept = await this.current;
    }
    return `Bearer ${kept.token}`;
  }

  private async fetched(): Promise<{ token: string; until: number }> {
    const granted = await clientCredentialsGrant(await this.issuer(), {
      resource: this.settings.OIDC_AUDIENCE,
    });
    const lifeMs = (granted.expiresIn() ?? 60) * 1_000;
    return { token: granted.access_token, until: Date.now() + Math.max(0, lifeMs - MARGIN_MS) };
  }
}
