/** What Docker would run, checked without an engine; scripts/check-image.mjs runs what the Dockerfile makes. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { parse } from 'yaml';
import { AccessSettings, ROLES } from '@retorno/service';
import { discoverAgencies } from '../apps/local/discover';
import { servicesWith } from '../apps/local/services';

interface Container {
  image: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  depends_on?: string[] | Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  volumes?: string[];
  [key: string]: unknown;
}

const ROOT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true, maxAliasCount: 1_000 }) as {
  services: Record<string, Container>;
  volumes: Record<string, unknown>;
};
const containers = Object.entries(compose.services);
const ours = containers.filter(([, one]) => one.image.startsWith('retorno:'));
const services = servicesWith(discoverAgencies());
const one = (name: string) => compose.services[name]!;
const passwordOf = (name: string) => `${name.replaceAll('-', '_').toUpperCase()}_DATABASE_PASSWORD`;
const roleOf = (name: string) => `retorno_${name.replaceAll('-', '_')}`;
const mustBeSet = (name: string) => `\${${name}:?run deploy/make-env.sh}`;

describe('docker-compose.yml', () => {
  it('has a container for every service, and for nothing that does not exist', () => {
    const around = ['postgres', 'kafka', 'provision', 'topics', 'entrance', 'keycloak', 'logins-database'];
    expect(Object.keys(compose.services).sort()).toEqual([...around, ...services.map((s) => s.name)].sort());
  });

  it('starts each service by its own main, in the role of its own', () => {
    for (const { name, main } of services) {
      expect(one(name).command).toEqual(['node', `dist/${main}`]);
      expect(one(name).environment!['DATABASE_URL']).toBe(
        `postgresql://${roleOf(name)}:${mustBeSet(passwordOf(name))}@postgres:5432/retorno`,
      );
    }
  });

  it('runs only programs that there are', () => {
    const programs = ours.map(([, { command }]) => command![1]!.replace(/^dist\/(.*)\.js$/, '$1.ts'));
    expect(programs.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('sets only names that our programs read', () => {
    const sources = ['libs/service', 'libs/messaging', 'apps', 'deploy'].map((folder) => join(ROOT, folder));
    const names = new Set(ours.flatMap(([, { environment }]) => Object.keys(environment ?? {})));
    const known = (name: string) =>
      name.startsWith('NODE_') ||
      services.some((service) => passwordOf(service.name) === name) ||
      execFileSync('grep', ['-rlw', '--include=*.ts', '--exclude=*.spec.ts', name, ...sources]).length > 0;
    for (const name of names) expect([name, known(name)]).toEqual([name, true]);
  });

  it('gives the key of the pairwise references to the coordinator only, and a role to its service only', () => {
    for (const [name, { environment = {} }] of ours) {
      const text = JSON.stringify(environment);
      expect([name, text.includes('PAIRWISE_KEY')]).toEqual([name, name === 'coordinator']);
      if (name === 'provision') continue;
      const passwords = [...text.matchAll(/\{(\w+_PASSWORD):/g)].map((match) => match[1]);
      expect(passwords).toEqual(services.some((s) => s.name === name) ? [passwordOf(name)] : []);
    }
  });

  it('holds no secret: each must be set, and none has a default', () => {
    const secret = /PASSWORD|SECRET|_KEY$|TOKEN/;
    for (const [, { environment = {} }] of containers) {
      for (const [name, value] of Object.entries(environment)) {
        if (secret.test(name)) expect(value).toBe(mustBeSet(/^\$\{(\w+)/.exec(value)?.[1] ?? name));
        expect(value).not.toMatch(/:\/\/[^:/]+:[^$@/]+@/);
        // Empty is no default: what may be left out is off.
        expect(value).not.toMatch(/\$\{\w+:?-[^}]/);
      }
    }
  });

  it('asks for secrets that deploy/make-env.sh makes, once, each another one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'retorno-env-'));
    try {
      for (const file of ['docker-compose.yml', 'deploy/make-env.sh'])
        cpSync(join(ROOT, file), join(folder, file));
      const make = () => {
        execFileSync('sh', ['deploy/make-env.sh'], { cwd: folder });
        return readFileSync(join(folder, '.env'), 'utf8');
      };
      const made = make();
      const secrets = Object.fromEntries(
        made
          .trim()
          .split('\n')
          .map((line) => line.split('=') as [string, string]),
      );
      const asked = [...read('docker-compose.yml').matchAll(/\$\{(\w+):\?run deploy/g)].map(
        (match) => match[1]!,
      );
      expect(Object.keys(secrets).sort()).toEqual([...new Set(asked)].sort());
      for (const secret of Object.values(secrets)) expect(secret).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length);
      expect(make()).toBe(made);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('asks for what only the operator knows, and deploy/make-env.sh names it as long as it is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'retorno-env-'));
    try {
      for (const file of ['docker-compose.yml', 'deploy/make-env.sh'])
        cpSync(join(ROOT, file), join(folder, file));
      const say = () => execFileSync('sh', ['deploy/make-env.sh'], { cwd: folder, encoding: 'utf8' });
      expect(one('portal').environment).toMatchObject({
        PUBLIC_URL: expect.stringMatching(/^\$\{PUBLIC_URL:\?set in \.env .+\}$/),
        HELP_PHONE: expect.stringMatching(/^\$\{HELP_PHONE:\?set in \.env .+\}$/),
      });
      const missing = say();
      expect(missing).toContain('Set PUBLIC_URL in .env yourself');
      expect(missing).toContain('Set HELP_PHONE in .env yourself');
      expect(missing).toContain('Set LOGIN_URL in .env yourself');
      appendFileSync(
        join(folder, '.env'),
        'PUBLIC_URL=https://retorno.example.org\nHELP_PHONE=none\nLOGIN_URL=https://login.example.org\n',
      );
      expect(say()).toBe('.env has every secret that docker-compose.yml asks for.\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('pins every image by a full version; ours is that of package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    for (const [, { image }] of ours) expect(image).toBe(`retorno:${version}`);
    for (const [, { image }] of containers) expect(image).toMatch(/^[\w/.-]+:\d+\.\d+(\.\d+)?(-[\w.]+)?$/);
  });

  it('waits for what there is, and for health only of what has a check', () => {
    for (const [, { depends_on: needs = {} }] of containers) {
      const conditions = Array.isArray(needs)
        ? needs.map((name) => [name, 'service_started'] as const)
        : Object.entries(needs).map(([name, { condition }]) => [name, condition] as const);
      for (const [name, condition] of conditions) {
        expect(Object.keys(compose.services)).toContain(name);
        if (condition === 'service_healthy') expect(one(name).healthcheck!.test).toBeDefined();
        if (condition === 'service_completed_successfully') expect(one(name)['restart']).toBe('no');
      }
    }
    for (const { name } of services) {
      expect(one(name).depends_on).toMatchObject({
        provision: { condition: 'service_completed_successfully' },
        topics: { condition: 'service_completed_successfully' },
      });
    }
  });

  it('publishes the entrance and the logins only, and on this machine only', () => {
    expect(containers.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]))).toEqual([
      ['entrance', '127.0.0.1:3000:3000'],
      ['keycloak', '127.0.0.1:8080:8080'],
    ]);
    expect(containers.filter(([, container]) => container['network_mode'] !== undefined)).toEqual([]);
  });

  it('lets our programs write nothing but /tmp, gain no right, and take no more memory than they need', () => {
    for (const [, container] of ours) {
      expect(container).toMatchObject({
        read_only: true,
        tmpfs: ['/tmp'],
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(container['privileged']).toBeUndefined();
      expect(container.volumes).toBeUndefined();
    }
    for (const [, container] of containers) {
      if (container['restart'] !== 'no') expect(container['mem_limit']).toMatch(/^\d+[mg]$/);
    }
  });

  it('keeps the data of the database and the broker where their images keep it', () => {
    expect(one('postgres').volumes).toEqual(['postgres:/var/lib/postgresql']);
    expect(one('kafka').volumes).toEqual([`kafka:${one('kafka').environment!['KAFKA_LOG_DIRS']}`]);
    expect(one('logins-database').volumes).toEqual(['logins:/var/lib/postgresql']);
    expect(Object.keys(compose.volumes).sort()).toEqual(['kafka', 'logins', 'postgres']);
  });

  it('lets every service take the tokens of its own Keycloak, as people see its address', () => {
    const issuer = `\${LOGIN_URL:?set in .env how people reach the logins}`;
    expect(one('keycloak').command).toContain(`--hostname=${issuer}`);
    for (const name of [...services.map((service) => service.name), 'entrance']) {
      expect([name, one(name).environment!['OIDC_ISSUER']]).toEqual([name, `${issuer}/realms/retorno`]);
    }
  });

  it('names the broker as the services find it', () => {
    const { KAFKA_ADVERTISED_LISTENERS, KAFKA_LISTENERS } = one('kafka').environment!;
    const address = one('health').environment!['KAFKA_BROKERS']!;
    expect(KAFKA_ADVERTISED_LISTENERS).toBe(`PLAINTEXT://${address}`);
    expect(KAFKA_LISTENERS).toContain(`PLAINTEXT://:${address.split(':')[1]}`);
  });

  it('grants a service more time to end than it takes to drain', () => {
    for (const { name } of services)
      expect(parseInt(String(one(name)['stop_grace_period']))).toBeGreaterThan(9);
  });
});

describe('deploy/Dockerfile', () => {
  const text = read('deploy/Dockerfile');
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const all = (word: string) => lines.filter((line) => line.startsWith(`${word} `));
  const copied = all('COPY').filter((line) => !line.includes('--from='));

  it('has no fault that a linter finds', () => {
    const found = validate(text).filter(
      (fault) => fault.severity === ValidationSeverity.ERROR || fault.severity === ValidationSeverity.WARNING,
    );
    expect(found.map((fault) => [fault.range.start.line + 1, fault.message])).toEqual([]);
  });

  it('builds on one base, pinned by its full version, of the Node that package.json takes', () => {
    const bases = all('FROM').map((line) => line.split(/\s+/)[1]);
    expect(bases.length).toBeGreaterThan(1);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:24\.\d+\.\d+-slim$/);
  });

  it('runs as another than root, says how it is, and is ended by SIGTERM', () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(last.filter((line) => /^(HEALTHCHECK|STOPSIGNAL SIGTERM|CMD)\b/.test(line))).toHaveLength(3);
    expect(last.filter((line) => line.startsWith('RUN '))).toEqual([]);
  });

  it('takes nothing from the network but packages of the lock file, and runs none of their scripts', () => {
    expect(all('ADD')).toEqual([]);
    const installs = all('RUN').filter((line) => line.includes('npm'));
    for (const line of installs.filter((l) => !l.includes('npm run')))
      expect(line).toMatch(/npm ci .*--ignore-scripts/);
    expect(text).not.toMatch(/curl|wget|apt-get|npm install/);
  });

  it('copies only what there is and what .dockerignore lets in', () => {
    const ignore = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(ignore[0]).toBe('*');
    const letIn = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const sources = copied.flatMap((line) => line.split(/\s+/).slice(1, -1));
    for (const source of sources) {
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
      expect(letIn).toContain(source);
    }
    expect(letIn.filter((path) => !sources.includes(path))).toEqual([]);
  });
});

describe('deploy/keycloak/realm.json', () => {
  const realm = JSON.parse(read('deploy/keycloak/realm.json')) as {
    accessTokenLifespan: number;
    defaultSignatureAlgorithm: string;
    registrationAllowed: boolean;
    roles: { realm: { name: string }[] };
    clients: {
      clientId: string;
      secret: string;
      standardFlowEnabled: boolean;
      directAccessGrantsEnabled: boolean;
      attributes?: Record<string, string>;
    }[];
    users: { serviceAccountClientId: string; realmRoles: string[]; attributes: { agency?: string[] } }[];
  };
  const agencies = discoverAgencies().map((agency) => agency.slug);

  it('knows the roles that the services know', () => {
    expect(realm.roles.realm.map(({ name }) => name).sort()).toEqual([...ROLES].sort());
  });

  it('signs short tokens as the services take them', () => {
    expect(new AccessSettings().OIDC_ALGORITHMS.split(',')).toContain(realm.defaultSignatureAlgorithm);
    expect(realm.accessTokenLifespan).toBeLessThanOrEqual(300);
  });

  it('has a client for the console, the portal and the system of each agency, and an account for nobody', () => {
    const systems = ['portal', ...agencies.map((slug) => `agency-${slug}`)];
    expect(realm.clients.map(({ clientId }) => clientId)).toEqual(['console', ...systems]);
    expect(realm.users.map(({ serviceAccountClientId }) => serviceAccountClientId)).toEqual(systems);
    for (const slug of agencies) {
      const account = realm.users.find((user) => user.serviceAccountClientId === `agency-${slug}`)!;
      expect([account.realmRoles, account.attributes.agency]).toEqual([['integration'], [slug]]);
    }
    expect(realm.registrationAllowed).toBe(false);
  });

  it('takes a password nowhere but at its own page, and a code only with PKCE', () => {
    for (const client of realm.clients) {
      expect([client.clientId, client.directAccessGrantsEnabled]).toEqual([client.clientId, false]);
      expect(client.standardFlowEnabled).toBe(client.clientId === 'console');
    }
    expect(realm.clients[0]!.attributes).toMatchObject({ 'pkce.code.challenge.method': 'S256' });
  });

  it('holds no secret: each comes from the environment, by the name that the services use', () => {
    const given = Object.keys(one('keycloak').environment!);
    for (const { clientId, secret } of realm.clients) {
      const name = `${clientId.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`;
      expect(secret).toBe(`\${${name}}`);
      expect(given).toContain(name);
    }
  });
});
