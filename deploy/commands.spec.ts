/** The commands on a real cluster that asks for names and enforces access. */
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
  type Admin,
} from 'kafkajs';
import { eventually } from '../tests/support/eventually';
import { describeWithKafka } from '../tests/support/kafka-suite';
import { accessOf } from './access';
import { toAclEntries } from './acl-entries';
import { acls } from './acls';
import { topics } from './topics';

const AGENCIES = ['education', 'health'];
const HEALTH = { username: 'health', password: 'password-of-health' };
const DEPLOYER = { username: 'deployer', password: 'password-of-deployer' };
const PATIENCE = 60_000;

describeWithKafka(
  'on a cluster',
  (kafka) => {
    let admin: Admin;

    beforeAll(async () => {
      await run(topics, 'admin', '--apply', '--replication', '1');
      await run(acls, 'admin', '--apply');
      const { username, password } = kafka().admin!;
      admin = new Kafka({
        brokers: kafka().brokers,
        logLevel: logLevel.NOTHING,
        sasl: { mechanism: 'scram-sha-512', username, password },
      }).admin();
      await admin.connect();
    }, PATIENCE);
    afterAll(() => admin?.disconnect());

    /** Runs a command as this user; gives its exit code and what it printed. */
    async function run(
      command: typeof topics,
      user: 'admin' | 'health' | 'deployer' | 'nobody',
      ...args: string[]
    ): Promise<{ code: number; text: string }> {
      const lines: string[] = [];
      const passwords = {
        admin: kafka().admin!.password,
        health: HEALTH.password,
        deployer: DEPLOYER.password,
        nobody: 'guessed',
      };
      const env = {
        KAFKA_BROKERS: kafka().brokers.join(),
        KAFKA_USERNAME: user,
        KAFKA_PASSWORD: passwords[user],
      };
      const agencies = args.includes('--agencies') ? [] : ['--agencies', AGENCIES.join()];
      const code = await command([...args, ...agencies], env, (line) => lines.push(line));
      return { code, text: lines.join('\n') };
    }

    /** A topic's settings in force. */
    async function settingsOf(name: string): Promise<Record<string, string>> {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name }],
      });
      return Object.fromEntries(resources[0]!.configEntries.map((e) => [e.configName, e.configValue]));
    }
    /** As somebody else would; returns when the broker shows it. */
    async function set(name: string, settings: Record<string, string>): Promise<void> {
      const configEntries = Object.entries(settings).map(([setting, value]) => ({ name: setting, value }));
      await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name, configEntries }] });
      await eventually(async () => {
        const now = await settingsOf(name);
        return Object.keys(settings).every((setting) => now[setting] === settings[setting]);
      });
    }

    describe('npm run topics', () => {
      const single = ['--replication', '1'];
      const WEEK = String(7 * 86_400_000);

      it('has nothing to do once it has done it', async () => {
        const check = await run(topics, 'admin', '--check', ...single);
        expect(check).toMatchObject({ code: 0 });
        expect(check.text).toContain('0 to create, 0 to change, 0 refused, 15 right');
      });

      it('only plans unless it is told to apply', async () => {
        const plan = await run(topics, 'admin', ...single, '--agencies', 'education,health,shelter');
        expect(plan).toMatchObject({ code: 0 });
        expect(plan.text).toContain('create    referrals.shelter.requests.v1');
        expect(await admin.listTopics()).not.toContain('referrals.shelter.requests.v1');
      });

      it('puts back what differs, and keeps what somebody else has set on the topic', async () => {
        await set('cases.v1', { 'retention.ms': '60000', 'segment.ms': '7200000' });
        const check = await run(topics, 'admin', '--check', ...single);
        expect(check).toMatchObject({
          code: 1,
          text: expect.stringContaining(`retention.ms: 60000 -> ${WEEK}`),
        });
        expect(await run(topics, 'admin', '--apply', ...single)).toMatchObject({ code: 0 });
        await eventually(async () => (await settingsOf('cases.v1'))['retention.ms'] === WEEK);
        expect(await settingsOf('cases.v1')).toMatchObject({
          'segment.ms': '7200000',
          'message.timestamp.type': 'LogAppendTime',
        });
      });

      it('changes nothing at all while anything is refused', async () => {
        await set('cases.feedback.v1', { 'retention.ms': '-1' });
        await set('cases.v1', { 'retention.ms': '60000' });
        const refused = await run(topics, 'admin', '--apply', ...single, '--agencies', 'health,shelter');
        expect(refused).toMatchObject({
          code: 1,
          text: expect.stringMatching(/refused +cases.feedback.v1 /),
        });
        expect((await settingsOf('cases.v1'))['retention.ms']).toBe('60000');
        expect(await admin.listTopics()).not.toContain('referrals.shelter.requests.v1');
        await set('cases.feedback.v1', { 'retention.ms': WEEK });
        expect(await run(topics, 'admin', '--apply', ...single)).toMatchObject({ code: 0 });
      });

      it("leaves an agency's topics that nobody here has, and says so", async () => {
        const { text } = await run(topics, 'admin', '--apply', ...single, '--agencies', 'education');
        expect(text).toMatch(/not ours +referrals.health.answers.v1/);
        expect(await admin.listTopics()).toContain('referrals.health.answers.v1');
      });

      it('says what is wrong when it may not, or cannot get in', async () => {
        await expect(run(topics, 'health', '--apply', ...single)).rejects.toThrow(
          /does not let user 'health' do this/,
        );
        await expect(run(topics, 'nobody')).rejects.toThrow(/refuses user 'nobody': wrong KAFKA_USERNAME/);
        await expect(topics(['--agencies', 'health'], {}, () => undefined)).rejects.toThrow(
          /KAFKA_BROKERS must/,
        );
        const nameless = { KAFKA_BROKERS: kafka().brokers.join() };
        await expect(topics(['--agencies', 'health'], nameless, () => undefined)).rejects.toThrow(/hung up/);
        const nowhere = { KAFKA_BROKERS: '127.0.0.1:1' };
        await expect(topics(['--agencies', 'health'], nowhere, () => undefined)).rejects.toThrow(
          /cannot reach/,
        );
      });
    });

    describe('npm run acls', () => {
      it('has nothing to add once it has done it', async () => {
        expect(await run(acls, 'admin', '--check')).toMatchObject({ code: 0 });
        expect((await run(acls, 'admin', '--apply')).text).toContain(' 0 added, 0 extra');
      });

      it('shows what somebody may do beyond the list, and leaves it', async () => {
        const [entry] = toAclEntries(accessOf(AGENCIES));
        const more = {
          ...entry!,
          principal: 'User:health',
          resourceName: 'intake.returnees.v1',
          operation: 3,
        };
        await admin.createAcls({ acl: [more] });
        const { code, text } = await run(acls, 'admin', '--check');
        await admin.deleteAcls({ filters: [more] });
        expect(code).toBe(1);
        expect(text).toContain('extra    User:health may read topic intake.returnees.v1 (literal) from *');
      });

      it('is for administrators', async () => {
        await expect(run(acls, 'health', '--apply')).rejects.toThrow(/does not let user 'health' do this/);
      });
    });

    it('both do with the rights that the how-to names, without a super user', async () => {
      const grant = (resourceType: AclResourceTypes, resourceName: string, operation: AclOperationTypes) => ({
        principal: 'User:deployer',
        host: '*',
        permissionType: AclPermissionTypes.ALLOW,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        resourceType,
        resourceName,
        operation,
      });
      const { CREATE, DESCRIBE, ALTER, DESCRIBE_CONFIGS, ALTER_CONFIGS } = AclOperationTypes;
      await admin.createAcls({
        acl: [
          ...[CREATE, DESCRIBE, ALTER].map((o) => grant(AclResourceTypes.CLUSTER, 'kafka-cluster', o)),
          ...[DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS].map((o) => grant(AclResourceTypes.TOPIC, '*', o)),
        ],
      });
      const three = ['--agencies', 'education,health,library'];
      await set('cases.v1', { 'retention.ms': '60000' });
      await eventually(async () => {
        const { text } = await run(topics, 'deployer', '--apply', '--replication', '1', ...three);
        return text.includes('3 to create, 1 to change, 0 refused');
      });
      expect((await run(acls, 'deployer', '--apply', ...three)).text).toContain(' 0 extra');
      expect(await run(acls, 'deployer', '--check', ...three)).toMatchObject({ code: 0 });
    });
  },
  { sasl: { users: [HEALTH, DEPLOYER] } },
);
