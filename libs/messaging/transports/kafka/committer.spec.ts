import { Committer } from './committer';

type Offsets = Parameters<ConstructorParameters<typeof Committer>[0]['commitOffsets']>[0];

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A committer and what it noted. */
function committing(answer: () => Promise<void> = async () => undefined) {
  const noted: Offsets[] = [];
  const committer = new Committer({
    commitOffsets: (offsets) => {
      noted.push(offsets);
      return answer();
    },
  });
  return { committer, noted };
}

test('many handled batches are noted with one request, half a second after the first', async () => {
  const { committer, noted } = committing();
  committer.note('wheat', 0, '7');
  await jest.advanceTimersByTimeAsync(400);
  committer.note('wheat', 0, '9');
  committer.note('wheat', 1, '9007199254740993');
  expect(noted).toEqual([]);
  await jest.advanceTimersByTimeAsync(100);
  expect(noted).toEqual([
    [
      { topic: 'wheat', partition: 0, offset: '10' },
      { topic: 'wheat', partition: 1, offset: '9007199254740994' },
    ],
  ]);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(noted).toHaveLength(1);
});

test('a partition that went to another member is not noted, whether it waits or is handled later', async () => {
  const { committer, noted } = committing();
  committer.note('wheat', 0, '7');
  committer.note('wheat', 1, '7');
  committer.keepOnly({ wheat: [1] });
  committer.note('wheat', 0, '8');
  committer.note('rye', 0, '8');
  await committer.flush();
  expect(noted).toEqual([[{ topic: 'wheat', partition: 1, offset: '8' }]]);
});

test('what could not be noted is noted later, unless more was handled or the partition was lost', async () => {
  let refuse!: (error: Error) => void;
  let answer = (): Promise<void> => new Promise((_, reject) => (refuse = reject));
  const { committer, noted } = committing(() => answer());
  for (const partition of [0, 1, 2]) committer.note('wheat', partition, '7');
  await jest.advanceTimersByTimeAsync(500);
  committer.note('wheat', 1, '8');
  committer.keepOnly({ wheat: [0, 1] });
  answer = async () => undefined;
  refuse(new Error('rebalancing'));
  await jest.advanceTimersByTimeAsync(500);
  const [first, ...later] = noted;
  expect(first).toHaveLength(3);
  expect(later.flat()).toHaveLength(2);
  expect(later.flat()).toEqual(
    expect.arrayContaining([
      { topic: 'wheat', partition: 0, offset: '8' },
      { topic: 'wheat', partition: 1, offset: '9' },
    ]),
  );
});

test('nothing is noted after it was closed', async () => {
  const { committer, noted } = committing();
  committer.note('wheat', 0, '7');
  committer.close();
  committer.note('wheat', 0, '8');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(noted).toEqual([]);
});
