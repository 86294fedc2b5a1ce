import { readSettings } from '@retorno/service';
import { instancesOf, ServicesSettings } from './settings';

const GIVEN = { DATABASE_URL: 'postgresql://a:b@localhost/c', KAFKA_BROKERS: 'localhost:9092' };
const read = (env: NodeJS.ProcessEnv) => () => readSettings(ServicesSettings, env);

describe('settings of start:services', () => {
  it('need a database and a cluster, and have defaults for the rest', () => {
    expect(read(GIVEN)()).toMatchObject({ PORT: 3000, DEMO: 'on', INSTANCES: '', SERVICES_PORT: 0 });
    expect(read({})).toThrow('DATABASE_URL must be a PostgreSQL address');
    expect(read({})).toThrow('KAFKA_BROKERS must be host:port');
  });

  it('are refused by name, saying what they should be', () => {
    expect(read({ ...GIVEN, KAFKA_BROKERS: 'localhost' })).toThrow('KAFKA_BROKERS must be host:port');
    expect(read({ ...GIVEN, INSTANCES: 'health=2' })).toThrow('INSTANCES must be service:number');
    expect(read({ ...GIVEN, SERVICES_PORT: '70000' })).toThrow('SERVICES_PORT must be a port number');
  });

  it('name services that exist, each with a number of processes that is possible', () => {
    expect(instancesOf('coordinator:2,health:3', ['coordinator', 'health'])).toEqual({
      coordinator: 2,
      health: 3,
    });
    expect(instancesOf('', ['health'])).toEqual({});
    expect(() => instancesOf('healht:2', ['health'])).toThrow(
      'INSTANCES names healht, but the services are health',
    );
    expect(() => instancesOf('health:0', ['health'])).toThrow('INSTANCES gives health 0 processes: 1 to 12');
  });
});
