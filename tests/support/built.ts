/** Services that run as processes of their own run what was built, so that must be what the sources say. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(__dirname, '..', '..');
const SOURCES = ['apps', 'libs', 'deploy'];
const STAMP = join(ROOT, 'dist', 'tsconfig.build.tsbuildinfo');
const LOCK = join(ROOT, 'dist', '.building');
/** A build that takes longer was killed, ms. */
const STALE_MS = 120_000;

/** Builds what is newer than dist; spec files that ask at once wait for one build. */
export async function built(): Promise<void> {
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  for (;;) {
    if ((await changedAt(STAMP)) > (await newestSource())) return;
    const mine = await mkdir(LOCK).then(
      () => true,
      () => false,
    );
    if (mine) break;
    if (Date.now() - (await changedAt(LOCK)) > STALE_MS) await rm(LOCK, { recursive: true, force: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    // Without the stamp the compiler writes it anew, also when nothing that it compiles has changed.
    await rm(STAMP, { force: true });
    await run('npm', ['run', '--silent', 'build'], { cwd: ROOT });
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

async function newestSource(): Promise<number> {
  const found = await Promise.all(SOURCES.map((folder) => readdir(join(ROOT, folder), { recursive: true })));
  const files = found.flatMap((names, i) => names.map((name) => join(ROOT, SOURCES[i]!, name)));
  const compiled = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  return Math.max(...(await Promise.all(compiled.map(changedAt))));
}

function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
