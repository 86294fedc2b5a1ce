/** The metrics of several processes as one page of the Prometheus text format. */

/** What a process answered on /metrics. */
export interface MetricsPage {
  /** Its name, added to every series as the label `process`. */
  process: string;
  text: string;
}

interface Family {
  about: string[];
  series: string[];
}

/** Every series of every page, each with the process that it is from; HELP and TYPE once for each metric. */
export function mergedMetrics(pages: readonly MetricsPage[]): string {
  const families = new Map<string, Family>();
  for (const { process, text } of pages) {
    let family: Family | undefined;
    let isKnown = false;
    let current = '';
    for (const line of text.split('\n')) {
      const name = /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1];
      if (name !== undefined) {
        if (name !== current) {
          current = name;
          isKnown = families.has(name);
          family = families.get(name) ?? { about: [], series: [] };
          families.set(name, family);
        }
        if (!isKnown) family!.about.push(line);
      } else if (line !== '' && !line.startsWith('#')) {
        family?.series.push(labelled(line, process));
      }
    }
  }
  const lines = [...families.values()].flatMap((family) => [...family.about, ...family.series]);
  return `${lines.join('\n')}\n`;
}

/** `name{a="b"} 1` or `name 1` with one more label. */
function labelled(line: string, process: string): string {
  const [, name, labels, value] = /^([^\s{]+)(?:\{(.*)\})? (.+)$/.exec(line) ?? [];
  if (name === undefined) return line;
  return `${name}{${labels ? `${labels},` : ''}process="${process}"} ${value}`;
}
