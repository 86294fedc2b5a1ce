/**
 * How much one person, one agency and one address may ask of a service, so that nobody slows the others. Counted in the
 * memory of each service, in fixed windows: with several processes of a service each grants as much, and a restart begins
 * anew. It wards off floods and runaway programs; it is no quota.
 */
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { counter } from '../metrics';
import { problem, type ProblemError } from '../problem';
import { isSystem, type Caller } from './caller';

const throttled = counter('throttled_total', 'Requests that were told to wait', ['whose', 'what']);

/** Windows, s: what is granted for one may come at once, which is the burst: 200 reads, 100 changes. */
const WINDOW_S = { reads: 4, changes: 5, failures: 60 } as const;
/** How many times that of a person all people of an agency may, and its systems that of one system. */
const AGENCY_TIMES = 4;
/** Methods that change nothing. */
const READING = ['GET', 'HEAD', 'OPTIONS'];

export class ThrottleSettings {
  /** Requests that read, a second, by one person; 0: any number. */
  @IsInt({ message: 'THROTTLE_READS must be reads a second by one person, or 0 for any number' })
  @Min(0, { message: 'THROTTLE_READS must be reads a second by one person, or 0 for any number' })
  THROTTLE_READS: number = 50;

  /** Requests that change something, a second, by one person; 0: any number. */
  @IsInt({ message: 'THROTTLE_CHANGES must be changes a second by one person, or 0 for any number' })
  @Min(0, { message: 'THROTTLE_CHANGES must be changes a second by one person, or 0 for any number' })
  THROTTLE_CHANGES: number = 20;

  /** How many times that of a person a system may: an agency's own, the returnees' pages. */
  @IsInt({ message: 'THROTTLE_SYSTEM_TIMES must be how many times a person’s limits a system has' })
  @Min(1, { message: 'THROTTLE_SYSTEM_TIMES must be how many times a person’s limits a system has' })
  @Max(1_000_000, { message: 'THROTTLE_SYSTEM_TIMES must be at most 1000000' })
  THROTTLE_SYSTEM_TIMES: number = 100;

  /** Bad tokens and failed logins, a minute, from one address; 0: any number. */
  @IsInt({ message: 'THROTTLE_FAILURES must be bad tokens a minute from one address, or 0 for any number' })
  @Min(0, { message: 'THROTTLE_FAILURES must be bad tokens a minute from one address, or 0 for any number' })
  THROTTLE_FAILURES: number = 100;

  /**
   * Whose word on the caller's address (X-Forwarded-For) is taken: how many proxies stand in front, or their addresses and
   * networks separated by commas. Nobody's when empty: the address is the one that the connection comes from.
   */
  @IsOptional()
  @Matches(/^(\d{1,2}|[\da-fA-F.:/, a-z]*)$/, {
    message:
      'TRUSTED_PROXIES must be how many proxies stand in front, or their addresses: 10.0.0.0/8, 192.168.1.7',
  })
  TRUSTED_PROXIES: string = '';
}

type What = keyof typeof WINDOW_S;

/** The counters of one service. */
export class Throttle {
  /** What Express is told of proxies. */
  readonly trustedProxies: number | string | false;
  private readonly limiters = new Map<string, RateLimiterMemory>();

  constructor(private readonly settings: ThrottleSettings) {
    const { TRUSTED_PROXIES: trusted } = settings;
    this.trustedProxies = trusted === '' ? false : /^\d+$/.test(trusted) ? Number(trusted) : trusted;
  }

  /** Counts a request of somebody known. Throws problem 429 when they, or their agency, asked too much. */
  async request(caller: Caller, method: string): Promise<void> {
    const what = READING.includes(method) ? 'reads' : 'changes';
    const own = what === 'reads' ? this.settings.THROTTLE_READS : this.settings.THROTTLE_CHANGES;
    if (own === 0) return;
    const system = isSystem(caller);
    const granted = own * (system ? this.settings.THROTTLE_SYSTEM_TIMES : 1);
    await this.take('person', what, granted, caller.subject);
    if (caller.agency === undefined) return;
    // An agency's own system does not use up what its people may.
    const key = `${caller.agency} ${system ? 'systems' : 'people'}`;
    await this.take('agency', what, granted * AGENCY_TIMES, key);
  }

  /**
   * Counts a bad token or a failed login. Throws problem 429 after too many from one address. What is good is never held
   * up by it: many people share the address of an office.
   */
  async failure(address: string): Promise<void> {
    const granted = this.settings.THROTTLE_FAILURES / WINDOW_S.failures;
    if (granted > 0) await this.take('address', 'failures', granted, address);
  }

  private async take(whose: string, what: What, aSecond: number, key: string): Promise<void> {
    try {
      await this.limiterOf(whose, what, aSecond).consume(key);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throttled.inc({ whose, what });
      throw tooMany(Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)));
    }
  }

  private limiterOf(whose: string, what: What, aSecond: number): RateLimiterMemory {
    const name = `${whose} ${what} ${aSecond}`;
    const known = this.limiters.get(name);
    if (known) return known;
    const duration = WINDOW_S[what];
    const made = new RateLimiterMemory({ points: Math.round(aSecond * duration), duration });
    this.limiters.set(name, made);
    return made;
  }
}

/** 429; `retryAfter` is in seconds. */
function tooMany(retryAfter: number): ProblemError {
  const detail = `Too many requests: wait ${retryAfter} s and send this one again.`;
  return problem(429, 'too-many-requests', detail, { retryAfter });
}
