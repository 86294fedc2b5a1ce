import { EmbeddedTransport } from '@retorno/messaging';
import { transportContract } from './contract';

transportContract('embedded', async () => ({
  transport: new EmbeddedTransport({ writerOf: (topic) => (topic.startsWith('mill.') ? 'mill' : undefined) }),
  topic: (name) => `mill.${name}.v1`,
  writer: 'mill',
  dispose: async () => undefined,
}));

test('a publish resolves only once every consumer has accepted', async () => {
  const transport = new EmbeddedTransport();
  const accepted: string[] = [];
  let accept!: () => void;
  const late = new Promise<void>((resolve) => (accept = resolve));
  transport.subscribe({
    consumer: 'quick',
    topics: ['mill.*.v1'],
    deliver: async () => void accepted.push('quick'),
  });
  transport.subscribe({
    consumer: 'late',
    topics: ['mill.*.v1'],
    deliver: async () => {
      await late;
      accepted.push('late');
    },
  });
  await transport.start();
  const record = { topic: 'mill.wheat.v1', envelope: { partitionkey: 'a', keyseq: 1 } };
  let isDone = false;
  const published = transport.publish([record as never]).then(() => (isDone = true));
  await Promise.resolve();
  expect(isDone).toBe(false);
  accept();
  await published;
  expect(accepted).toEqual(['quick', 'late']);
});
