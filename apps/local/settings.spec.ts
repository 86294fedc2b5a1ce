import { readSettings } from '@retorno/service';
import { agenciesNamed, LocalSettings } from './settings';

const read = (env: NodeJS.ProcessEnv) => () => readSettings(LocalSettings, env);

describe('settings of local', () => {
  it('have defaults for everything', () => {
    expect(read({})()).toMatchObject({ PORT: 3000, DATA_DIR: '.data', DEMO: 'on', SIMULATED_PACE: 1 });
  });

  it('are read as numbers where they are numbers', () => {
    expect(read({ PORT: '0', SIMULATED_PACE: '0.2' })()).toMatchObject({ PORT: 0, SIMULATED_PACE: 0.2 });
  });

  it('are refused by name, saying what they should be', () => {
    expect(read({ PORT: 'http' })).toThrow('PORT must be a port number');
    expect(read({ DEMO: 'yes' })).toThrow('DEMO must be on or off');
    expect(read({ SIMULATED_AGENCIES: 'Health!' })).toThrow('SIMULATED_AGENCIES must be');
    expect(read({ AGENCIES: 'none at all' })).toThrow('AGENCIES must be all, or agency slugs');
    expect(read({ SIMULATED_PACE: '-1' })).toThrow('SIMULATED_PACE must be a number of seconds');
    expect(read({ SIMULATED_RETURNEES: 'maybe' })).toThrow('SIMULATED_RETURNEES must be on or off');
    expect(read({ DATABASE_URL: 'mysql://x' })).toThrow('DATABASE_URL must be a PostgreSQL address');
    expect(read({ KAFKA_BROKERS: 'localhost' })).toThrow('KAFKA_BROKERS must be host:port');
    expect(read({ KAFKA_BROKERS: 'localhost:99999' })).toThrow('KAFKA_BROKERS must be host:port');
  });

  it('name agencies that exist', () => {
    const slugs = ['health', 'police'];
    expect(agenciesNamed('AGENCIES', 'all', slugs)).toEqual(slugs);
    expect(agenciesNamed('AGENCIES', 'police', slugs)).toEqual(['police']);
    expect(agenciesNamed('SIMULATED_AGENCIES', 'none', slugs)).toEqual([]);
    expect(() => agenciesNamed('AGENCIES', 'police,healht', slugs)).toThrow(
      'AGENCIES names healht, but the agencies are health, police',
    );
  });
});
