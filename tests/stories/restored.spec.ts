import { KafkaTransport } from '@retorno/messaging';
import { topics } from '../../deploy/topics';
import { backup } from '../support/backup';
import { openEscalations, referralOf, shown } from '../support/case-view';
import { eventually } from '../support/eventually';
import { describeWithKafka } from '../support/kafka-suite';
import { fewAgencies } from '../support/roundtable';
import { System, type SystemOptions } from '../support/system';

let system: System;

const digests = async (agency: string) => [
  (await system.get(`/agencies/${agency}/holdings`)).digest,
  (await system.get(`/holdings/${agency}`)).digest,
];

/** The same rules hold over both transports. */
function restoredServices(patience: number, options: () => SystemOptions): void {
  beforeAll(async () => {
    system = await System.start(options());
  }, patience);
  afterAll(() => system.stop(), patience);

  describe('an agency restored from yesterday', () => {
    it(
      'knows again what it was asked and what it answered, and answers nobody twice',
      async () => {
        const old = await system.arrive({ needs: ['health-care', 'emotional-support'] });
        await system.answers(old, 'medical-care', { status: 'accepted' });
        const restore = await backup(system, 'health');
        await system.complete(await system.caseOf(old), 'mental-health');
        await system.answers(old, 'medical-care', { status: 'in-progress', businessStatus: 'scheduled' });
        const young = await system.arrive({ needs: ['health-care'] });
        await system.answers(young, 'medical-care', { status: 'accepted' }, { status: 'on-hold' });
        const before = [shown(await system.caseOf(old)), shown(await system.caseOf(young))];

        await system.restart(restore);
        await system.settle();

        expect([shown(await system.caseOf(old)), shown(await system.caseOf(young))]).toEqual(before);
        const [own, thought] = await digests('health');
        expect(own).toBe(thought);
        const record = await system.seenBy('health', referralOf(young, 'medical-care'));
        expect([record.status, record.returnee.familyNames]).toEqual(['on-hold', expect.any(String)]);
        const told = [await system.caseOf(old), await system.caseOf(young)].flatMap(openEscalations);
        expect(told.filter((reason) => reason.includes('refused'))).toEqual([]);
      },
      patience,
    );

    it(
      'is heard when it answers again: no answer is taken for one from before',
      async () => {
        const found = await system.arrive({ needs: ['health-care'] });
        const restore = await backup(system, 'health');
        await system.answers(found, 'medical-care', { status: 'accepted' });
        await system.restart(restore);
        await system.settle();
        const after = await system.answers(
          found,
          'medical-care',
          { status: 'in-progress' },
          { status: 'completed' },
        );
        expect(referralOf(after, 'medical-care').status).toBe('completed');
      },
      patience,
    );
  });

  describe('the coordinator restored from yesterday', () => {
    it(
      "hears again what it was told since, plans it as before, and breaks nobody's stream",
      async () => {
        const old = await system.arrive({ needs: ['health-care', 'employment'] });
        const restore = await backup(system, 'coordinator');
        await system.answers(old, 'medical-care', { status: 'accepted' }, { status: 'completed' });
        await system.complete(await system.caseOf(old), 'dni-verify', 'verified');
        const young = await system.arrive({ needs: ['emotional-support'] });
        await system.answers(young, 'mental-health', { status: 'accepted' });
        const before = [shown(await system.caseOf(old)), shown(await system.caseOf(young))];

        await system.restart(restore);
        // Answers that came before the decisions that they belong to are tried again after a pause.
        await eventually(async () => {
          await system.advance('1 h');
          return (await system.all('/parked')).length === 0;
        }, patience);

        expect([shown(await system.caseOf(old)), shown(await system.caseOf(young))]).toEqual(before);
        for (const agency of ['health', 'identity', 'employment']) {
          const [own, thought] = await digests(agency);
          expect(own).toBe(thought);
        }
        const after = await system.complete(await system.caseOf(old), 'job-placement');
        expect(referralOf(after, 'job-placement').status).toBe('completed');
      },
      patience,
    );

    it(
      'tells a person of every case of which it lost something: what operations had said is nowhere else',
      async () => {
        const word = { code: 'health-care', reason: 'Quillotambo', by: 'desk 2' };
        const untouched = await system.arrive({ needs: ['health-care'] });
        const closed = await system.arrive({ needs: ['health-care'] });
        const restore = await backup(system, 'coordinator');
        await system.command(closed, 'close', { reason: 'left-country' });
        const young = await system.arrive({ needs: ['emotional-support'] });
        await system.command(young, 'needs', word);

        await system.restart(restore);
        const here = [untouched.id, closed.id, young.id];
        const told = await eventually(async () => {
          const found = await system.all('/escalations?reason=records-differ');
          const ours = found.map((e) => e.caseId).filter((id) => here.includes(id));
          return ours.length === 2 ? ours : undefined;
        }, patience);
        expect(new Set(told)).toEqual(new Set([closed.id, young.id]));
        expect(openEscalations(await system.caseOf(untouched))).toEqual([]);
        expect((await system.caseOf(closed)).status).toBe('open');

        // Said again, it asks for the same as before: the agency's answer fits. It stands in the timeline with its words.
        const { timeline } = await system.command(young, 'needs', word);
        expect(timeline.filter((e) => e.detail['note'] === word.reason)).toMatchObject([
          { type: 'case-planned', actor: 'operations' },
        ]);
        expect((await system.command(closed, 'close', { reason: 'left-country' })).status).toBe('closing');
        const { items } = await system.get('/escalations?reason=records-differ&grouped=true');
        expect(items).toMatchObject([
          { group: 'records-differ:restored', detail: { events: expect.any(String) } },
        ]);
        const looked = { reason: 'looked at' };
        const { body } = await system.call('POST', `/escalations/${items[0].id}/resolve`, looked);
        expect(body.resolved).toBe(items[0].cases);
        await eventually(async () => {
          await system.advance('1 h');
          return (await system.all('/parked')).length === 0;
        }, patience);
        expect(referralOf(await system.caseOf(young), 'medical-care').status).toBe('received');
      },
      patience,
    );
  });
}

describe('in one process', () => {
  restoredServices(60_000, () => ({}));
});

describeWithKafka(
  'over Kafka',
  (kafka) => {
    beforeAll(async () => {
      const agencies = fewAgencies().map(({ slug }) => slug);
      const env = { KAFKA_BROKERS: kafka().brokers.join() };
      await topics(['--apply', '--replication', '1', '--agencies', agencies.join()], env, () => undefined);
    });
    restoredServices(240_000, () => ({
      transport: () => new KafkaTransport({ brokers: kafka().brokers, clientId: 'restored' }),
    }));
  },
  {},
);
