import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { Type, type TSchema } from 'typebox';
import {
  EVENTS,
  ReferralRequested,
  TOPICS,
  contractOf,
  declareEvent,
  sourceOf,
  topicMatches,
  writerOf,
  type TopicDeclaration,
} from '@retorno/contracts';
import { differences, incompatibilities, main, publish, publishedIn, schemaFiles } from './publish';

/** One topic with one event, of its own domain. */
function topics(schema: TSchema, version = 1): TopicDeclaration[] {
  return [
    {
      pattern: 'parcels.v1',
      writer: 'intake',
      readers: [],
      events: [declareEvent('parcel-sent', version, schema)],
    },
  ];
}
const first = schemaFiles(topics(Type.Object({ weight: Type.Integer() })));
const compatible = schemaFiles(
  topics(Type.Object({ weight: Type.Integer(), note: Type.Optional(Type.String()) })),
);
const breaking = schemaFiles(topics(Type.Object({ weight: Type.String() })));

let root: string;
let schemas: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'schemas-'));
  schemas = join(root, 'schemas');
});
afterEach(() => rmSync(root, { recursive: true }));
const onDisk = (file: string) => readFileSync(join(schemas, file), 'utf8');

describe('the published schemas of this repository', () => {
  const files = schemaFiles(TOPICS);

  it('equal the declarations', () => {
    expect(differences(files, join(__dirname, 'schemas'))).toEqual([]);
  });

  it('are one valid JSON Schema 2020-12 per event, with $id and title', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    (addFormats as unknown as (a: Ajv2020) => void)(ajv);
    for (const event of EVENTS) {
      const schema = JSON.parse(files.get(`${event.name}.v${event.version}.json`) ?? 'null');
      expect(schema).toMatchObject({ $id: event.dataschema, title: event.type });
      expect(ajv.compile(schema)).toBeInstanceOf(Function);
    }
    expect(files.size).toBe(EVENTS.length + 1);
  });

  it('are listed with the topic that carries them and its writer, as the ownership rule has it', () => {
    const index = JSON.parse(files.get('index.json') ?? '[]') as {
      type: string;
      topics: string[];
      writer: string;
    }[];
    expect(index.map((entry) => entry.type).toSorted()).toEqual(EVENTS.map((e) => e.type).toSorted());
    for (const { topics: patterns, writer } of index) {
      for (const pattern of patterns) {
        const topic = pattern.replace('*', 'health');
        expect(topicMatches(pattern, topic)).toBe(true);
        expect(writerOf(topic, 'health')).toBe(writer === 'agency' ? 'health' : writer);
      }
    }
    expect(sourceOf('health')).toBe('/retorno/health');
  });

  it('say which properties are personal and travel sealed, and each is one of the schema', () => {
    const index = JSON.parse(files.get('index.json') ?? '[]') as {
      type: string;
      file: string;
      personal: string[];
    }[];
    for (const { type, file, personal } of index) {
      expect(personal).toEqual(contractOf(type)!.personal);
      const { properties } = JSON.parse(files.get(file)!) as { properties: object };
      for (const name of personal) expect(Object.keys(properties)).toContain(name);
    }
    expect(index.find(({ type }) => type === ReferralRequested.type)!.personal).toContain('returnee');
  });
});

describe('publishing', () => {
  it('writes the schemas and the index, and again with optional properties added', () => {
    expect(publish(first, schemas, publishedIn(schemas))).toEqual([]);
    expect(JSON.parse(onDisk('index.json'))).toEqual([
      {
        type: 'retorno.parcel-sent.v1',
        dataschema: 'urn:retorno:schema:parcel-sent:v1',
        file: 'parcel-sent.v1.json',
        topics: ['parcels.v1'],
        writer: 'intake',
        personal: [],
      },
    ]);
    expect(publish(compatible, schemas, publishedIn(schemas))).toEqual([]);
    expect(JSON.parse(onDisk('parcel-sent.v1.json'))).toHaveProperty('properties.note');
    expect(differences(compatible, schemas)).toEqual([]);
  });

  it('refuses to overwrite a published schema with a break, and writes nothing', () => {
    publish(first, schemas, publishedIn(schemas));
    const refused = publish(breaking, schemas, publishedIn(schemas));
    expect(refused).toEqual([
      'parcel-sent.v1.json#/properties/weight/type: the type changed: "integer" -> "string"; declare a new version and keep this one',
    ]);
    expect(onDisk('parcel-sent.v1.json')).toBe(first.get('parcel-sent.v1.json'));
  });

  it('takes the break as a new version beside the old one', () => {
    publish(first, schemas, publishedIn(schemas));
    const both = schemaFiles([
      ...topics(Type.Object({ weight: Type.Integer() })),
      ...topics(Type.Object({ weight: Type.String() }), 2),
    ]);
    expect(publish(both, schemas, publishedIn(schemas))).toEqual([]);
    expect(onDisk('parcel-sent.v1.json')).toBe(first.get('parcel-sent.v1.json'));
    expect(onDisk('parcel-sent.v2.json')).toContain('parcel-sent:v2');
  });

  it('--check names a missing, a changed and an undeclared file', () => {
    expect(differences(first, schemas)).toHaveLength(2);
    publish(first, schemas, publishedIn(schemas));
    writeFileSync(join(schemas, 'parcel-lost.v1.json'), '{}');
    expect(differences(compatible, schemas)).toEqual([
      'parcel-sent.v1.json: differs from its declaration; run npm run contracts:publish',
      'parcel-lost.v1.json: published but no longer declared; declare it again, or delete it once nobody sends or keeps it',
    ]);
  });
});

describe('what counts as published', () => {
  let hasGit = true;
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      [
        '-C',
        root,
        '-c',
        'user.name=t',
        '-c',
        'user.email=t@example.org',
        '-c',
        'commit.gpgsign=false',
        ...args,
      ],
      {
        stdio: 'ignore',
      },
    );
  beforeEach(() => {
    try {
      git('init', '-q');
    } catch {
      hasGit = false; // then the files on disk count, which is asserted instead
    }
  });
  function commit() {
    if (!hasGit) return;
    git('add', '-A');
    git('commit', '-q', '-m', 'schemas');
  }

  it('is the commit and not the working tree: editing or deleting the file hides no break', () => {
    publish(first, schemas, publishedIn(schemas));
    commit();
    if (hasGit) rmSync(schemas, { recursive: true });
    expect(incompatibilities(breaking, publishedIn(schemas))).toHaveLength(1);
  });

  it('is every version ever committed, so that a break committed together with its file shows as well', () => {
    publish(first, schemas, publishedIn(schemas));
    commit();
    if (hasGit) {
      writeFileSync(join(schemas, 'parcel-sent.v1.json'), breaking.get('parcel-sent.v1.json') ?? '');
      commit();
      expect(incompatibilities(breaking, publishedIn(schemas))).toHaveLength(1);
    }
    expect(incompatibilities(breaking, publishedIn(schemas, hasGit ? 'HEAD^' : undefined))).toHaveLength(1);
    expect(() => publishedIn(schemas, 'no-such-branch')).toThrow(/no such commit/);
  });

  it('in a repository, a file that was never committed is a draft', () => {
    publish(first, schemas, publishedIn(schemas));
    if (hasGit) git('commit', '-q', '--allow-empty', '-m', 'nothing yet');
    expect(publish(breaking, schemas, publishedIn(schemas))).toHaveLength(hasGit ? 0 : 1);
  });
});

describe('the command', () => {
  let printed = '';
  beforeEach(() => {
    printed = '';
    const keep = (text: string | Uint8Array) => {
      printed += String(text);
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(keep);
    jest.spyOn(process.stderr, 'write').mockImplementation(keep);
  });
  afterEach(() => jest.restoreAllMocks());

  it('exits 0 after publishing, and 1 with the reasons when a check fails', () => {
    expect(main(['--check'], schemas)).toBe(1);
    expect(printed).toContain('referral-requested.v1.json: not published yet');
    expect(main([], schemas)).toBe(0);
    expect(main(['--check'], schemas)).toBe(0);
    expect(() => main(['--chekc'], schemas)).toThrow(/chekc/);
  });
});
