import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api } from './api';
import { beginDemonstration } from './demo';

describe('the first start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'retorno-demo-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const cases: string[] = [];
  const uploads: unknown[] = [];
  const api = {
    get: async () => ({ items: cases }),
    upload: async (_path: string, csv: Buffer) => {
      uploads.push(csv.length);
      return { id: 'm-1' };
    },
  } as unknown as Api;

  it('that was ended halfway is begun again by the next one, though there are cases already', async () => {
    const killed = async (): Promise<void> => {
      cases.push('RT-1');
      throw new Error('killed');
    };
    await expect(beginDemonstration(api, folder, killed)).rejects.toThrow('killed');
    expect(await beginDemonstration(api, folder, async () => undefined)).toBe('m-1');
  });

  it('is the only one that fills anything', async () => {
    const arranged = jest.fn();
    expect(await beginDemonstration(api, folder, arranged)).toBeUndefined();
    expect([arranged.mock.calls.length, uploads.length]).toEqual([0, 1]);
  });
});
