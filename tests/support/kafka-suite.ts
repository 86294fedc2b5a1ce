/** Specs that need a real Kafka broker. */
import { startKafka, whyNone, type KafkaOptions, type OwnKafka, type TestKafka } from './kafka';
import { findBrokerNow, givenBrokers } from './kafka/find';
import { borrowKafka } from './kafka/one-broker';

/** The broker comes up, or says why not before Jest gives up. */
const START_MS = 240_000;

/**
 * Like describe, with a broker: that of the whole run, whose topics and groups need names of their own, or with options
 * a new one for this suite. Without any broker the suite is skipped and says so, or fails when REQUIRE_KAFKA=1.
 */
export function describeWithKafka(title: string, suite: (kafka: () => TestKafka) => void): void;
export function describeWithKafka(
  title: string,
  suite: (kafka: () => OwnKafka) => void,
  options: KafkaOptions,
): void;
export function describeWithKafka(
  title: string,
  suite: (kafka: () => OwnKafka) => void,
  options?: KafkaOptions,
): void {
  const why = whyNot(options);
  if (why !== undefined) {
    without(title, why, () => suite(() => fail(why)));
    return;
  }
  describe(title, () => {
    let kafka: TestKafka | undefined;
    beforeAll(async () => {
      kafka = await (options ? startKafka(options) : borrowKafka());
    }, START_MS);
    afterAll(() => kafka?.stop(), START_MS);
    // With options, startKafka gave one of our own; without, the caller's function takes no more than any broker can do.
    suite(() => (kafka as OwnKafka | undefined) ?? fail('the broker is there from beforeAll on'));
  });
}

function whyNot(options: KafkaOptions | undefined): string | undefined {
  if (!options && givenBrokers()) return undefined;
  const found = findBrokerNow();
  return found.how === 'none' ? whyNone(found.why) : undefined;
}

function without(title: string, why: string, suite: () => void): void {
  if (process.env['REQUIRE_KAFKA'] === '1') {
    describe(title, () => {
      it('has a broker, as REQUIRE_KAFKA=1 asks', () => fail(why));
    });
    return;
  }
  process.stderr.write(`\nSKIPPED "${title}": ${why}. REQUIRE_KAFKA=1 makes this a failure.\n\n`);
  const leaveOut = describe.skip;
  leaveOut(title, suite);
}

function fail(why: string): never {
  throw new Error(why);
}
