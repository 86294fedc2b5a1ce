import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaTransport, NoTransport } from '@retorno/messaging';
import { pino } from 'pino';
import { kafkaConnection, transportFrom } from './kafka-settings';

const connection = (env: Record<string, string>) => kafkaConnection(env, 'retorno-health');
const BROKERS = 'kafka-1.example:9092,kafka-2.example:9092';

let folder: string;
let pem: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retorno-settings-'));
  pem = join(folder, 'file.pem');
  await writeFile(pem, 'PEM');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('without brokers a service has no transport, and no other setting matters', () => {
  expect(connection({})).toBeUndefined();
  expect(transportFrom({}, 'health', pino({ level: 'silent' }))).toBeInstanceOf(NoTransport);
});

test('with brokers it has a Kafka transport', () => {
  const transport = transportFrom({ KAFKA_BROKERS: BROKERS }, 'health', pino({ level: 'silent' }));
  expect(transport).toBeInstanceOf(KafkaTransport);
});

test('a list of brokers may have spaces', () => {
  expect(connection({ KAFKA_BROKERS: 'a:1, b:65535' })).toEqual({
    brokers: ['a:1', 'b:65535'],
    clientId: 'retorno-health',
  });
});

test.each([
  ['SCRAM-SHA-512', {}, 'scram-sha-512'],
  ['SCRAM-SHA-256', { KAFKA_SASL_MECHANISM: 'scram-sha-256' }, 'scram-sha-256'],
])('a name and a password are given with %s', (_, env, mechanism) => {
  const login = { KAFKA_USERNAME: 'health', KAFKA_PASSWORD: 'secret' };
  expect(connection({ KAFKA_BROKERS: BROKERS, ...login, ...env })?.sasl).toEqual({
    mechanism,
    username: 'health',
    password: 'secret',
  });
});

test('TLS trusts the system’s authorities, or those of a file, and shows a certificate of our own', () => {
  const on = { KAFKA_BROKERS: BROKERS, KAFKA_TLS: 'on' };
  expect(connection({ KAFKA_BROKERS: BROKERS })).not.toHaveProperty('ssl');
  expect(connection(on)?.ssl).toEqual({});
  expect(connection({ ...on, KAFKA_CA_FILE: pem })?.ssl).toEqual({ ca: 'PEM' });
  expect(connection({ ...on, KAFKA_CERT_FILE: pem, KAFKA_KEY_FILE: pem })?.ssl).toEqual({
    cert: 'PEM',
    key: 'PEM',
  });
});

test.each([
  ['a broker without a port', { KAFKA_BROKERS: 'kafka' }, 'KAFKA_BROKERS must be host:port'],
  ['a port that is none', { KAFKA_BROKERS: 'kafka:65536' }, 'KAFKA_BROKERS must be host:port'],
  ['an empty place in the list', { KAFKA_BROKERS: 'kafka:9092,' }, 'KAFKA_BROKERS must be host:port'],
  ['an address with a protocol', { KAFKA_BROKERS: 'ssl://kafka:9092' }, 'KAFKA_BROKERS must be host:port'],
  ['a name without a password', { KAFKA_USERNAME: 'health' }, 'KAFKA_PASSWORD must be set'],
  ['a password without a name', { KAFKA_PASSWORD: 'secret' }, 'KAFKA_USERNAME must be set'],
  ['another mechanism', { KAFKA_SASL_MECHANISM: 'plain' }, 'KAFKA_SASL_MECHANISM must be scram-sha-256 or'],
  ['TLS that is neither on nor off', { KAFKA_TLS: 'yes' }, 'KAFKA_TLS must be on or off'],
  ['an authority without TLS', { KAFKA_CA_FILE: 'ca.pem' }, 'KAFKA_CA_FILE is used with KAFKA_TLS=on only'],
  [
    'a file that is not there',
    { KAFKA_TLS: 'on', KAFKA_CA_FILE: '/no/such/file' },
    'KAFKA_CA_FILE must be a file that can be read: ENOENT',
  ],
])('%s is refused, by the setting’s name and without any value', (_, env, problem) => {
  const all = { KAFKA_BROKERS: BROKERS, ...env };
  expect(() => connection(all)).toThrow(problem);
  expect(() => connection(all)).not.toThrow('secret');
});

test.each(['KAFKA_CERT_FILE', 'KAFKA_KEY_FILE'])('%s alone is refused', (name) => {
  expect(() => connection({ KAFKA_BROKERS: BROKERS, KAFKA_TLS: 'on', [name]: pem })).toThrow(
    'KAFKA_CERT_FILE and KAFKA_KEY_FILE must be set together',
  );
});
