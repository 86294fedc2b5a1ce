/**
 * Shares each topic among the members that read it. kafkajs' own gives all that its leader reads to every member: while
 * one instance knows a topic that another does not, part of it would have no reader.
 */
import { AssignerProtocol, type GroupMember, type PartitionAssigner } from 'kafkajs';

const { MemberMetadata, MemberAssignment } = AssignerProtocol;

export const amongReaders: PartitionAssigner = ({ cluster }) => ({
  name: 'retorno-among-readers',
  version: 0,
  protocol({ topics }) {
    const metadata = MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) });
    return { name: this.name, metadata };
  },
  async assign({ members }) {
    const readers = readersOf(members);
    // The leader may be the one that does not know a topic; it asks for each so that one that is gone stops nobody.
    for (const topic of readers.keys()) await cluster.addTargetTopic(topic).catch(() => undefined);
    const partitions = [...readers.keys()].map((topic) => ({
      topic,
      partitions: cluster.findTopicPartitionMetadata(topic).map((partition) => partition.partitionId),
    }));
    return [...share(readers, partitions)].map(([memberId, assignment]) => ({
      memberId,
      memberAssignment: MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) }),
    }));
  },
});

/** Who reads each topic; both sorted, so that every leader comes to the same result. */
function readersOf(members: readonly GroupMember[]): Map<string, string[]> {
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const pairs = sorted.flatMap(({ memberId, memberMetadata }) =>
    (MemberMetadata.decode(memberMetadata)?.topics ?? []).map((topic) => ({ topic, memberId })),
  );
  const readers = new Map<string, string[]>();
  for (const topic of [...new Set(pairs.map((pair) => pair.topic))].sort()) {
    const mine = pairs.filter((pair) => pair.topic === topic);
    readers.set(
      topic,
      mine.map((pair) => pair.memberId),
    );
  }
  return readers;
}

/** Partitions by member and topic. Topics begin at different members, so that small ones do not all fall to one. */
export function share(
  readers: ReadonlyMap<string, readonly string[]>,
  topics: readonly { topic: string; partitions: readonly number[] }[],
): Map<string, Record<string, number[]>> {
  const shares = new Map<string, Record<string, number[]>>();
  let turn = 0;
  for (const { topic, partitions } of topics) {
    const members = readers.get(topic) ?? [];
    for (const partition of [...partitions].sort((a, b) => a - b)) {
      const member = members[turn++ % members.length];
      if (member === undefined) continue;
      const own = shares.get(member) ?? {};
      shares.set(member, own);
      (own[topic] ??= []).push(partition);
    }
  }
  return shares;
}
