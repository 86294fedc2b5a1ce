/** docs/reference/topics.md: the list of libs/contracts as a page to read. */
import { resendsTopic, TOPICS } from '@retorno/contracts';
import { accessOf, groupOf } from './access';
import { desiredTopic, keptFor } from './desired-topics';
import { topicUses } from './topic-uses';

/** Stands for every agency on the page. */
const AGENCY = '<agency>';

/** The page, in Markdown. A test compares it with the file. */
export function topicsReference(): string {
  const events = new Map(
    TOPICS.map((topic) => [topic.pattern.replace('*', AGENCY), topic.events.map((event) => event.name)]),
  );
  const rows = topicUses([AGENCY]).map((use) => {
    const topic = desiredTopic(use, 3);
    const carries =
      events.get(use.name)?.join(', ') ?? 'please send again: topic, key, from, to; or a whole topic';
    return `| \`${use.name}\` | ${services(use.writers, use.name)} | ${services(use.readers, use.name)} | ${topic.partitions} | ${keptFor(topic)} | ${carries} |`;
  });
  const grants = accessOf([AGENCY]).map(
    (grant) =>
      `| ${services([grant.service], AGENCY)} | ${grant.operations.join(', ')} | ${grant.resource} | \`${grant.name}\` |`,
  );
  const sealed = TOPICS.flatMap((topic) => topic.events)
    .filter(({ personal }) => personal.length > 0)
    .map(({ name, personal }) => `| ${name} | ${personal.map((property) => `\`${property}\``).join(', ')} |`);
  return PAGE(rows.join('\n'), sealed.join('\n'), grants.join('\n'));
}

const PAGE = (
  rows: string,
  sealed: string,
  grants: string,
): string => `<!-- Printed by: npm run --silent topics -- --reference -->
# Topics

One line for each topic; \`${AGENCY}\` stands for every agency. A stream is (topic, key) and has one writer.

| topic | writer | readers | partitions | kept | carries |
| --- | --- | --- | --- | --- | --- |
${rows}

In production every topic has 3 copies, \`min.insync.replicas\` 2 and no unclean leader. \`${TOPICS[0]!.pattern}\` is one
topic for all agencies, each writing under its own key. \`${resendsTopic('<service>')}\` asks that service to send part of a stream,
or all that it keeps of a topic, again.

## What is personal

These properties of an event's data travel and are kept sealed, under a key per person and reader
([decision 10](../decisions/0010-keys-per-returnee.md)); \`libs/contracts/schemas/index.json\` lists them as \`personal\`. All
other properties, and every event that is not named here, hold no personal data.

| event | personal |
| --- | --- |
${sealed}

## Who may do what

Each service is one user of the cluster and has these rights and no others. Its consumer group is \`${groupOf('<service>')}\`.

| user | may | what | name |
| --- | --- | --- | --- |
${grants}
`;

function services(names: readonly string[], topic: string): string {
  if (names.length === 0) return 'nobody yet';
  const agency = topic.includes(AGENCY) ? 'that agency' : 'every agency';
  return names.map((name) => (name === AGENCY ? agency : name)).join(', ');
}
