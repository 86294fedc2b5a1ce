/**
 * Publishes the events as JSON Schema files, for other languages and for review.
 *
 *     node dist/libs/contracts/publish.js            writes libs/contracts/schemas; refuses a break of a published schema
 *     node dist/libs/contracts/publish.js --check    changes nothing; fails when files and declarations disagree, or on a break
 *     … --base <ref>                                 whose history counts as published (HEAD)
 *
 * FULL_TRANSITIVE: every version that was ever committed counts as published, so a break cannot hide by being committed
 * together with its file. What is not committed is a draft. Outside a git repository the files on disk count.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { breaksBetween } from './compatibility';
import { TOPICS, type TopicDeclaration } from './registry';

const INDEX = 'index.json';

/** The files that the declarations of these topics give, by name: a schema per event, and the index. */
export function schemaFiles(topics: readonly TopicDeclaration[]): Map<string, string> {
  const carried = topics.flatMap((topic) => topic.events.map((event) => ({ topic, event })));
  const files = new Map<string, string>();
  for (const { event } of carried) {
    files.set(
      fileOf(event),
      json({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: event.dataschema,
        title: event.type,
        ...event.schema,
      }),
    );
  }
  const index = carried.map(({ topic, event }) => ({
    type: event.type,
    dataschema: event.dataschema,
    file: fileOf(event),
    topics: [topic.pattern],
    writer: topic.writer,
    // The top-level properties of the data that travel sealed (docs/decisions/0010).
    personal: [...event.personal],
  }));
  return files.set(INDEX, json(index));
}

/** Reads every version of a schema file that was published, newest first; none when it never was. */
export type Published = (file: string) => string[];

/** What counts as published: all versions in a commit's history, or without git those on disk. Throws when an explicit commit is unknown. */
export function publishedIn(directory: string, base?: string): Published {
  const ref = base ?? 'HEAD';
  // The directory itself may be gone, and what was published must count all the same.
  const parent = dirname(directory);
  if (git(parent, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]) !== undefined) {
    return (file) => {
      const path = `./${basename(directory)}/${file}`;
      const commits = git(parent, ['log', '--format=%H', ref, '--', path])?.split('\n').filter(Boolean) ?? [];
      return commits.flatMap((commit) => git(parent, ['show', `${commit}:${path}`]) ?? []);
    };
  }
  if (base !== undefined) throw new Error(`--base ${base}: no such commit here`);
  return (file) => [onDisk(directory, file)].filter((text) => text !== undefined);
}

/** Why declarations may not be published as they are: breaks of published schemas, by JSON pointer. */
export function incompatibilities(files: ReadonlyMap<string, string>, published: Published): string[] {
  return [...files].flatMap(([file, text]) => {
    const breaks = (file === INDEX ? [] : published(file)).flatMap((before) =>
      breaksBetween(JSON.parse(before), JSON.parse(text)).map(
        ({ pointer, reason }) => `${file}#${pointer}: ${reason}; declare a new version and keep this one`,
      ),
    );
    return [...new Set(breaks)];
  });
}

/** Where the directory's files and the declarations disagree. */
export function differences(files: ReadonlyMap<string, string>, directory: string): string[] {
  const changed = [...files].flatMap(([file, text]) => {
    const found = onDisk(directory, file);
    if (found === undefined) return [`${file}: not published yet; run npm run contracts:publish`];
    return found === text ? [] : [`${file}: differs from its declaration; run npm run contracts:publish`];
  });
  const undeclared = (existsSync(directory) ? readdirSync(directory) : [])
    .filter((file) => !files.has(file))
    .map(
      (file) =>
        `${file}: published but no longer declared; declare it again, or delete it once nobody sends or keeps it`,
    );
  return [...changed, ...undeclared];
}

/** Writes the files and returns nothing, or writes nothing and returns why not. */
export function publish(
  files: ReadonlyMap<string, string>,
  directory: string,
  published: Published,
): string[] {
  const refused = incompatibilities(files, published);
  if (refused.length > 0) return refused;
  mkdirSync(directory, { recursive: true });
  for (const [file, text] of files) writeFileSync(join(directory, file), text);
  return [];
}

/** The command; returns the exit code. Paths are relative to the root of the repository. */
export function main(args: readonly string[], directory = resolve('libs/contracts/schemas')): number {
  const { values } = parseArgs({
    args: [...args],
    options: { check: { type: 'boolean', default: false }, base: { type: 'string' } },
  });
  const files = schemaFiles(TOPICS);
  const published = publishedIn(directory, values.base);
  const problems = values.check
    ? [...incompatibilities(files, published), ...differences(files, directory)]
    : publish(files, directory, published);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length === 0) process.stdout.write(`${files.size - 1} event schemas are published\n`);
  return problems.length === 0 ? 0 : 1;
}

function fileOf(event: { name: string; version: number }): string {
  return `${event.name}.v${event.version}.json`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function onDisk(directory: string, file: string): string | undefined {
  const path = join(directory, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** A git command's output; undefined when it fails: no git, no repository, no such commit or file. */
function git(directory: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', ['-C', directory, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

if (require.main === module) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
