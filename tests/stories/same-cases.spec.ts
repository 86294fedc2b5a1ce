import { join } from 'node:path';
import { compare, sampleRows, unseenRows, type Comparison } from '../same-cases/compare';
import { startEmbedded, startOverKafka, type Side } from '../same-cases/side';
import { built } from '../support/built';
import { describeWithKafka } from '../support/kafka-suite';

const SLOW = 300_000;
const ROOT = join(__dirname, '..', '..');
/** Of each manifest; few, so that the run stays short on two cores. */
const ROWS = 30;

describeWithKafka(
  'a process for each service over Kafka',
  (kafka) => {
    const sides: Side[] = [];
    let comparison: Comparison;

    beforeAll(async () => {
      await built();
      const starting = [startEmbedded(), startOverKafka({ brokers: kafka().brokers })] as const;
      for (const started of await Promise.allSettled(starting)) {
        if (started.status === 'fulfilled') sides.push(started.value);
      }
      const [embedded, processes] = await Promise.all(starting);
      const manifests = [await sampleRows(ROOT, ROWS), unseenRows(ROWS, 41)];
      comparison = await compare([embedded, processes], manifests);
    }, SLOW);
    afterAll(async () => {
      for (const side of sides) await side.stop();
    }, SLOW);

    it('brings the sample manifest and an unseen one to the same final cases as one process', () => {
      expect(comparison.cases).toBe(2 * ROWS);
      expect(comparison.differences).toEqual([]);
    });

    it('loses, doubles and parks nothing on the way', () => {
      for (const { report } of comparison.sides) {
        expect(report).toMatchObject({ problems: [], cases: 2 * ROWS, inFlight: 0, parked: 0, held: 0 });
      }
    });
  },
  {},
);
