import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { accessOf } from './access';
import { acls } from './acls';
import { topicUses } from './topic-uses';

const AGENCIES = ['health', 'identity'];

async function printed(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await acls([...args, '--agencies', AGENCIES.join()], {}, (line) => lines.push(line));
  return lines.join('\n');
}

describe('the manifests for Strimzi', () => {
  let manifests: any[];
  beforeAll(async () => {
    const documents = parseAllDocuments(await printed('--format', 'strimzi', '--cluster', 'production'));
    manifests = documents.map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS();
    });
  });

  const ofKind = (kind: string): any[] => manifests.filter((manifest) => manifest.kind === kind);

  it('are of the current version, belong to the cluster, and have names that Kubernetes takes', () => {
    for (const manifest of manifests) {
      expect(manifest.apiVersion).toBe('kafka.strimzi.io/v1');
      expect(['KafkaTopic', 'KafkaUser']).toContain(manifest.kind);
      expect(manifest.metadata.labels).toEqual({ 'strimzi.io/cluster': 'production' });
      expect(manifest.metadata.name).toMatch(
        /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
      );
    }
  });

  it('hold every topic with its partitions, copies and settings', () => {
    expect(ofKind('KafkaTopic').map((topic) => topic.spec.topicName)).toEqual(
      topicUses(AGENCIES).map((use) => use.name),
    );
    for (const { spec } of ofKind('KafkaTopic')) {
      expect(spec.partitions).toBe(spec.topicName.startsWith('resends.') ? 1 : 12);
      expect(spec.replicas).toBe(3);
      expect(spec.config).toMatchObject({ 'cleanup.policy': 'delete', 'min.insync.replicas': '2' });
    }
  });

  it('hold every service as a user with exactly its rights', () => {
    const users = ofKind('KafkaUser');
    expect(users.map((user) => user.metadata.name)).toEqual([
      'console',
      'coordinator',
      'health',
      'identity',
      'intake',
      'portal',
      'statistics',
    ]);
    for (const { metadata, spec } of users) {
      expect(spec.authentication).toEqual({ type: 'scram-sha-512' });
      expect(spec.authorization.type).toBe('simple');
      expect(spec.authorization.acls).toEqual(
        accessOf(AGENCIES)
          .filter((grant) => grant.service === metadata.name)
          .map((grant) => ({
            resource: { type: grant.resource, name: grant.name, patternType: 'literal' },
            operations: grant.operations,
            host: '*',
          })),
      );
    }
  });
});

describe("the script of Kafka's tools", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'retorno-acls-'));
    mkdirSync(join(folder, 'passwords'));
    // They stand for Kafka's tools and write down how they are called, and what is in the file that they get.
    for (const tool of ['kafka-acls.sh', 'kafka-configs.sh']) {
      writeFileSync(
        join(folder, tool),
        `#!/bin/sh\necho "${tool} $*" >> '${folder}/calls'\n` +
          `for last; do :; done\nif [ -f "$last" ]; then cat "$last" >> '${folder}/credentials'; ls -l "$last" >> '${folder}/modes'; fi\n`,
      );
      chmodSync(join(folder, tool), 0o755);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(passwords: Record<string, string>): Promise<{ status: number | null; stderr: string }> {
    for (const [user, password] of Object.entries(passwords)) {
      writeFileSync(join(folder, 'passwords', user), `${password}\n`);
    }
    const env = {
      PATH: `${folder}:/usr/bin:/bin`,
      TMPDIR: folder,
      BOOTSTRAP: 'broker:9092',
      ADMIN_CONFIG: 'admin.properties',
      PASSWORDS: join(folder, 'passwords'),
    };
    return spawnSync('sh', ['-s'], { input: await printed(), env, encoding: 'utf8' });
  }
  const written = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const passwords = {
    console: 'o-secret',
    coordinator: 'c-secret',
    health: 'h-secret',
    identity: 'i-secret',
    intake: 'n-secret',
    portal: 'p-secret',
    statistics: 's-secret',
  };

  it('is valid shell', async () => {
    execFileSync('sh', ['-n'], { input: await printed() });
  });

  it('allows each right once, to its principal', async () => {
    expect(await run(passwords)).toMatchObject({ status: 0, stderr: '' });
    const allowed = written('calls')
      .split('\n')
      .filter((call) => call.startsWith('kafka-acls.sh'))
      .flatMap((call) => {
        const principal = /--allow-principal User:(\S+)/.exec(call)![1]!;
        const operations = [...call.matchAll(/--operation (\S+)/g)].map((match) => match[1]!);
        return [...call.matchAll(/--(topic|group) (\S+)/g)].map(([, resource, name]) => ({
          service: principal,
          resource,
          name,
          operations,
        }));
      });
    expect(allowed).toEqual(accessOf(AGENCIES));
  });

  it('makes each user with its password, which is in no argument and in no file that stays or that others can read', async () => {
    await run(passwords);
    expect(written('calls')).not.toContain('secret');
    expect(written('calls').match(/--entity-type users --entity-name \S+/g)).toHaveLength(7);
    expect(written('credentials')).toContain('SCRAM-SHA-512=iterations=8192,password=h-secret\n');
    for (const line of written('modes').trim().split('\n')) {
      expect(line).toMatch(/^-rw-------/);
      expect(existsSync(line.split(' ').at(-1)!)).toBe(false);
    }
  });

  it.each([
    ['has none', ''],
    ['has one that would be read as something else', 'a,b=c\\'],
  ])('stops before a user that %s, and says which', async (_what, password) => {
    const result = await run({ ...passwords, health: password });
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('passwords/health');
    expect(written('calls')).not.toContain('--entity-name health');
  });
});

describe('npm run acls', () => {
  it.each([
    [['--format', 'xml'], /--format must be/],
    [['--apply', '--check'], /only one of/],
    [['--prefix', 'health'], /--prefix must be/],
    [['--replication', '0'], /--replication must be/],
    [['--wrong'], /Unknown option/],
  ])('refuses %j and says why', async (args, why) => {
    await expect(printed(...args)).rejects.toThrow(why);
  });

  it('gives users the names that the prefix says', async () => {
    const script = await printed('--prefix', 'User:retorno-');
    expect(script).toContain("user 'retorno-health'");
    expect(script).toContain("allow 'User:retorno-health'");
    expect(await printed('--format', 'strimzi', '--prefix', 'User:retorno-')).toContain(
      'name: retorno-health\n',
    );
  });
});
