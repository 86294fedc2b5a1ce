/**
 * The users and rights of an installation on its cluster, from the list of topics in libs/contracts.
 *
 *     node dist/deploy/acls.js                      prints a shell script of kafka-configs.sh and kafka-acls.sh
 *     node dist/deploy/acls.js --format strimzi     prints KafkaTopic and KafkaUser manifests
 *     node dist/deploy/acls.js --apply              adds the rights that the cluster lacks; takes none away
 *     node dist/deploy/acls.js --check              for scripts: fails when the cluster's list says less or more
 *     … --agencies health,identity                  another set than the folders of apps/agencies
 *     … --prefix User:retorno-                      what stands before a service's name in its principal (User:)
 *     … --cluster retorno --replication 3           for strimzi: the Kafka resource, and the topics' copies
 *
 * --apply and --check make no users: Kafka's tool or Strimzi does. Exit codes as of topics.js.
 */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { accessOf } from './access';
import { applyAcls, compareAcls, describeEntry, readAcls, toAclEntries } from './acl-entries';
import { withAdmin } from './admin';
import { runCommand, UsageError } from './command';
import { copiesOf, desiredTopic } from './desired-topics';
import { kafkaAclsScript } from './kafka-acls';
import { agenciesOf } from './services';
import { strimziManifests } from './strimzi';
import { topicUses } from './topic-uses';

/** The command; returns the exit code. Lines for the reader go to `print`. */
export async function acls(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<number> {
  const options = readOptions(args);
  const agencies = agenciesOf(options.agencies);
  const grants = accessOf(agencies);
  if (options.mode === 'print') {
    const userPrefix = options.prefix.slice('User:'.length);
    const topics = topicUses(agencies).map((use) => desiredTopic(use, options.replication));
    const text =
      options.format === 'strimzi'
        ? strimziManifests(topics, grants, { cluster: options.cluster, userPrefix })
        : kafkaAclsScript(grants, options.prefix);
    print(text.trimEnd());
    return 0;
  }
  const wanted = toAclEntries(grants, options.prefix);
  return withAdmin(env, async (admin) => {
    const apply = options.mode === 'apply';
    const { missing, extra } = apply
      ? await applyAcls(admin, wanted)
      : compareAcls(wanted, await readAcls(admin));
    for (const entry of missing) print(`${apply ? 'added  ' : 'missing'}  ${describeEntry(entry)}`);
    for (const entry of extra) print(`extra    ${describeEntry(entry)}`);
    print(`${wanted.length} rights: ${missing.length} ${apply ? 'added' : 'missing'}, ${extra.length} extra`);
    if (extra.length > 0) print('What is extra is left as it is; take it away with kafka-acls.sh --remove.');
    return apply || missing.length + extra.length === 0 ? 0 : 1;
  });
}

function readOptions(args: readonly string[]): {
  mode: 'print' | 'apply' | 'check';
  format: 'kafka-acls' | 'strimzi';
  agencies: string | undefined;
  prefix: string;
  cluster: string;
  replication: number;
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      format: { type: 'string' },
      apply: { type: 'boolean' },
      check: { type: 'boolean' },
      agencies: { type: 'string' },
      prefix: { type: 'string', default: 'User:' },
      cluster: { type: 'string', default: 'retorno' },
      replication: { type: 'string', default: '3' },
    },
  });
  const { format = 'kafka-acls', apply, check, prefix, cluster } = values;
  if (format !== 'kafka-acls' && format !== 'strimzi') {
    throw new UsageError('--format must be kafka-acls or strimzi');
  }
  if ([apply, check, values.format !== undefined].filter(Boolean).length > 1) {
    throw new UsageError('only one of --apply, --check and --format at a time');
  }
  if (!/^User:[a-z0-9.-]*$/.test(prefix)) {
    throw new UsageError('--prefix must be User: and lower-case letters, digits, dots or hyphens');
  }
  const mode = apply ? 'apply' : check ? 'check' : 'print';
  const replication = copiesOf(values.replication);
  return { mode, format, agencies: values.agencies, prefix, cluster, replication };
}

if (require.main === module) runCommand('acls', acls);
