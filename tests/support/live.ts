/** Somebody who watches GET /live. */
import { eventually } from './eventually';

export interface LiveEvent {
  type: string;
  data: { caseId: string; caseNumber: string; type: string; at: string; referral?: object };
}

export interface LiveConnection {
  readonly events: readonly LiveEvent[];
  readonly contentType: string;
  /** Waits until what came is as wanted. */
  until(wanted: (events: readonly LiveEvent[]) => boolean): Promise<void>;
  close(): void;
}

/** Connects, and gathers events until closed. */
export async function followLive(url: string, authorization: string): Promise<LiveConnection> {
  const ending = new AbortController();
  const response = await fetch(`${url}/live`, { headers: { authorization }, signal: ending.signal });
  const events: LiveEvent[] = [];
  let broken: unknown;
  // Told to whoever waits: thrown here it would hit whichever test runs then.
  gather(response, events).catch((error: unknown) => (broken = error));
  return {
    events,
    contentType: response.headers.get('content-type') ?? '',
    until: async (wanted) => {
      await eventually(() => wanted(events) || broken !== undefined);
      if (!wanted(events)) throw broken;
    },
    close: () => ending.abort(),
  };
}

async function gather(response: Response, events: LiveEvent[]): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const lines = block.trim().split('\n');
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field('data');
      if (data)
        events.push({ type: field('event') ?? 'message', data: JSON.parse(data) as LiveEvent['data'] });
    }
  }
}
