import { share } from './assigner';

const all = [0, 1, 2, 3, 4, 5];

test('each partition has exactly one reader, and only members that read its topic', () => {
  const readers = new Map([
    ['rye', ['b']],
    ['wheat', ['a', 'b']],
  ]);
  const shares = share(readers, [
    { topic: 'rye', partitions: all },
    { topic: 'wheat', partitions: all },
  ]);
  expect(shares.get('a')).toEqual({ wheat: [0, 2, 4] });
  expect(shares.get('b')).toEqual({ rye: all, wheat: [1, 3, 5] });
});

test('topics with one partition are spread over the members', () => {
  const topics = ['r1', 'r2', 'r3', 'r4'];
  const shares = share(
    new Map(topics.map((topic) => [topic, ['a', 'b']])),
    topics.map((topic) => ({ topic, partitions: [0] })),
  );
  expect([...shares.values()].map((own) => Object.keys(own).length)).toEqual([2, 2]);
});

test('a topic that nobody reads, or that has gone, is nobody’s', () => {
  const shares = share(new Map([['rye', ['a']]]), [
    { topic: 'rye', partitions: [] },
    { topic: 'oats', partitions: all },
  ]);
  expect(shares.size).toBe(0);
});
