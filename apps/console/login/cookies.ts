/** The console's cookies: never for scripts, never for other sites' requests, over TLS only where there is TLS. */
import type { Request, Response } from 'express';

/** One cookie of the console. */
export class Cookie {
  private readonly name: string;
  private readonly isSecure: boolean;

  /** `publicUrl` says whether there is TLS: `__Host-` binds the cookie to this very host then. */
  constructor(name: string, publicUrl: string) {
    this.isSecure = publicUrl.startsWith('https:');
    this.name = this.isSecure ? `__Host-${name}` : name;
  }

  read(request: Request): string | undefined {
    for (const pair of (request.headers.cookie ?? '').split(';')) {
      const [name, value] = pair.trim().split('=', 2);
      if (name === this.name && value) return value;
    }
    return undefined;
  }

  /** Without `maxAgeMs` it ends with the browser. */
  set(response: Response, value: string, maxAgeMs?: number): void {
    response.cookie(this.name, value, {
      ...this.options(),
      ...(maxAgeMs === undefined ? {} : { maxAge: maxAgeMs }),
      encode: (text) => text,
    });
  }

  clear(response: Response): void {
    response.clearCookie(this.name, this.options());
  }

  private options() {
    return { httpOnly: true, sameSite: 'lax', secure: this.isSecure, path: '/' } as const;
  }
}
