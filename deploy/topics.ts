/**
 * Plans and makes the topics of an installation, from the list in libs/contracts and the agencies that there are.
 *
 *     node dist/deploy/topics.js                  says what is missing and what differs; changes nothing
 *     node dist/deploy/topics.js --apply          creates and alters; nothing at all while anything is refused
 *     node dist/deploy/topics.js --check          for scripts: fails when anything is missing or differs
 *     node dist/deploy/topics.js --reference      prints docs/reference/topics.md; needs no cluster
 *     … --agencies health,identity                another set than the folders of apps/agencies
 *     … --replication 1                           copies of each topic (3): for a cluster of fewer brokers
 *
 * Exit code: 0 done or nothing to do, 1 refused or (--check) different, 2 the cluster did not do it, 78 wrong settings.
 */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { untilShown, withAdmin } from './admin';
import { applyTopics, readCluster } from './cluster-topics';
import { runCommand, UsageError } from './command';
import { copiesOf, desiredTopic, keptFor, type DesiredTopic } from './desired-topics';
import { planTopics, type TopicPlan } from './plan-topics';
import { agenciesOf } from './services';
import { topicUses } from './topic-uses';
import { topicsReference } from './topics-reference';

/** The command; returns the exit code. Lines for the reader go to `print`. */
export async function topics(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<number> {
  const options = readOptions(args);
  if (options.mode === 'reference') {
    print(topicsReference().trimEnd());
    return 0;
  }
  const uses = topicUses(agenciesOf(options.agencies));
  const desired = uses.map((use) => desiredTopic(use, options.replication));
  return withAdmin(env, async (admin) => {
    const plan = planTopics(desired, await readCluster(admin));
    for (const line of report(plan)) print(line);
    print(summary(plan));
    if (plan.refused.length > 0) {
      print('Nothing was changed: decide about what is refused first.');
      return 1;
    }
    if (options.mode === 'check') return isDone(plan) ? 0 : 1;
    if (options.mode === 'plan') {
      if (!isDone(plan)) print('Nothing was changed: --apply does it.');
      return 0;
    }
    if (!isDone(plan)) {
      await applyTopics(admin, plan);
      await untilShown(async () => isDone(planTopics(desired, await readCluster(admin))));
      print('Done.');
    }
    return 0;
  });
}

function isDone(plan: TopicPlan): boolean {
  return plan.create.length === 0 && plan.alter.length === 0;
}

function readOptions(args: readonly string[]): {
  mode: 'plan' | 'apply' | 'check' | 'reference';
  agencies: string | undefined;
  replication: number;
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      plan: { type: 'boolean' },
      apply: { type: 'boolean' },
      check: { type: 'boolean' },
      reference: { type: 'boolean' },
      agencies: { type: 'string' },
      replication: { type: 'string', default: '3' },
    },
  });
  const modes = (['plan', 'apply', 'check', 'reference'] as const).filter((mode) => values[mode]);
  if (modes.length > 1) throw new UsageError(`only one of --${modes.join(' and --')} at a time`);
  return { mode: modes[0] ?? 'plan', agencies: values.agencies, replication: copiesOf(values.replication) };
}

function report(plan: TopicPlan): string[] {
  const rows: [what: string, topic: string, detail: string][] = [
    ...plan.create.map((topic): [string, string, string] => ['create', topic.name, shape(topic)]),
    ...plan.alter.map((d): [string, string, string] => [
      'change',
      d.topic,
      `${d.setting}: ${d.found} -> ${d.expected}`,
    ]),
    ...plan.refused.map((d): [string, string, string] => [
      'refused',
      d.topic,
      `${d.setting}: found ${d.found}, expected ${d.expected}; ${d.reason}`,
    ]),
    ...plan.unchanged.map((name): [string, string, string] => ['right', name, '']),
    ...plan.notOurs.map((name): [string, string, string] => [
      'not ours',
      name,
      'no agency here has it; left as it is',
    ]),
  ];
  const width = Math.max(...rows.map(([, topic]) => topic.length));
  return rows.map(([what, topic, detail]) =>
    `${what.padEnd(8)}  ${topic.padEnd(width)}  ${detail}`.trimEnd(),
  );
}

function shape(topic: DesiredTopic): string {
  const partitions = `${topic.partitions} ${topic.partitions === 1 ? 'partition' : 'partitions'}`;
  return `${partitions}, replication ${topic.replication}, kept ${keptFor(topic)}`;
}

function summary(plan: TopicPlan): string {
  const altered = new Set(plan.alter.map((difference) => difference.topic)).size;
  const refused = new Set(plan.refused.map((difference) => difference.topic)).size;
  return `${plan.create.length} to create, ${altered} to change, ${refused} refused, ${plan.unchanged.length} right`;
}

if (require.main === module) runCommand('topics', topics);
