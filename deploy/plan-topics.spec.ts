import type { DesiredTopic } from './desired-topics';
import { desiredTopic } from './desired-topics';
import { planTopics, type ExistingTopic } from './plan-topics';
import { topicUses } from './topic-uses';

const desired = topicUses(['health']).map((use) => desiredTopic(use, 3));
const requests = desired.find((topic) => topic.name === 'referrals.health.requests.v1')!;

/** The topic as it should be, but for what is said. */
function existing(topic: DesiredTopic, but: Partial<ExistingTopic> = {}): ExistingTopic {
  return { ...topic, ...but, config: { ...topic.config, 'segment.ms': '604800000', ...but.config } };
}

/** What is planned for one topic that exists otherwise than it should. */
function planOne(but: Partial<ExistingTopic>, want = requests) {
  return planTopics([want], { brokers: 3, topics: [existing(want, but)] });
}

describe('planning topics', () => {
  it('creates all of them on an empty cluster', () => {
    expect(planTopics(desired, { brokers: 3, topics: [] })).toEqual({
      create: desired,
      alter: [],
      refused: [],
      unchanged: [],
      notOurs: [],
    });
  });

  it('has nothing to do where all are as they should be, whatever else is set on them', () => {
    const plan = planTopics(desired, { brokers: 3, topics: desired.map((topic) => existing(topic)) });
    expect(plan).toMatchObject({ create: [], alter: [], refused: [], notOurs: [] });
    expect(plan.unchanged).toEqual(desired.map((topic) => topic.name));
  });

  it('creates those of an agency that joins, and leaves the others', () => {
    const both = topicUses(['health', 'shelter']).map((use) => desiredTopic(use, 3));
    const plan = planTopics(both, { brokers: 3, topics: desired.map((topic) => existing(topic)) });
    expect(plan.create.map((topic) => topic.name)).toEqual([
      'referrals.shelter.requests.v1',
      'referrals.shelter.answers.v1',
      'resends.shelter.v1',
    ]);
    expect(plan.unchanged).toHaveLength(desired.length);
  });

  it.each([
    ['retention.ms', '3600000', '604800000'],
    ['retention.bytes', '1000000', '-1'],
    ['min.insync.replicas', '1', '2'],
    ['unclean.leader.election.enable', 'true', 'false'],
    ['message.timestamp.type', 'CreateTime', 'LogAppendTime'],
    ['cleanup.policy', 'compact,delete', 'delete'],
  ])('makes %s safer: %s becomes %s', (setting, found, expected) => {
    const plan = planOne({ config: { [setting]: found } });
    expect(plan.alter).toEqual([{ topic: requests.name, setting, found, expected }]);
    expect(plan.refused).toEqual([]);
  });

  it.each([6, 24])('never changes a partition count (%d found): it would move keys', (partitions) => {
    const plan = planOne({ partitions });
    expect(plan.alter).toEqual([]);
    expect(plan.refused).toEqual([
      {
        topic: requests.name,
        setting: 'partitions',
        found: String(partitions),
        expected: '12',
        reason: expect.stringContaining('a new version of the topic'),
      },
    ]);
  });

  it.each([
    ['retention.ms', '2592000000'],
    ['retention.ms', '-1'],
    ['min.insync.replicas', '3'],
    ['cleanup.policy', 'compact'],
  ])('never makes %s less than the %s that is there', (setting, found) => {
    const plan = planOne({ config: { [setting]: found } });
    expect(plan.alter).toEqual([]);
    expect(plan.refused).toMatchObject([{ topic: requests.name, setting, found }]);
    expect(plan.unchanged).toEqual([]);
  });

  it.each([1, 5])('never changes the number of copies (%d found)', (replication) => {
    expect(planOne({ replication }).refused).toMatchObject([
      { setting: 'replication', found: String(replication), expected: '3' },
    ]);
  });

  it('refuses more copies than there are brokers, once and with the way out', () => {
    const plan = planTopics(desired, { brokers: 1, topics: [] });
    expect(plan.refused).toEqual([
      expect.objectContaining({ found: '1', reason: expect.stringContaining('--replication 1') }),
    ]);
  });

  it("lists topics of ours that no agency here has, and leaves other people's out", () => {
    const others = ['referrals.shelter.answers.v1', 'resends.shelter.v1', 'referrals.old', 'payroll.v1'];
    const topics = [...desired, ...others.map((name) => ({ ...requests, name }))].map((t) => existing(t));
    expect(planTopics(desired, { brokers: 3, topics }).notOurs).toEqual([
      'referrals.old',
      'referrals.shelter.answers.v1',
      'resends.shelter.v1',
    ]);
  });
});

describe('a topic as it should be', () => {
  it('has 12 partitions, and one where order across keys costs nothing', () => {
    const counts = desired.map((topic) => [topic.name.startsWith('resends.'), topic.partitions]);
    expect(new Set(counts.map(String))).toEqual(new Set(['false,12', 'true,1']));
  });

  it('keeps events for less than their writer can send them again, and catalogues for ever', () => {
    const kept = new Map(desired.map((topic) => [topic.name, Number(topic.config['retention.ms'])]));
    expect(kept.get('agencies.catalogue.v1')).toBe(-1);
    expect(kept.get('referrals.health.requests.v1')).toBe(7 * 86_400_000);
    expect(Math.max(...kept.values())).toBeLessThan(30 * 86_400_000);
  });

  it('is never compacted: a reader would wait for what compacting took out', () => {
    expect(new Set(desired.map((topic) => topic.config['cleanup.policy']))).toEqual(new Set(['delete']));
  });

  it.each([
    [1, '1'],
    [2, '1'],
    [3, '2'],
  ])('with %d copies needs %s to acknowledge', (copies, acknowledge) => {
    const topic = desiredTopic(topicUses(['health'])[0]!, copies);
    expect(topic.config['min.insync.replicas']).toBe(acknowledge);
  });
});
