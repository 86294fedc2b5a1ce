/**
 * The little of Markdown that our how-to pages are written in: headings of two levels, paragraphs, lists of one level,
 * indented code, bold, emphasis, code and links. Everything else stays text, and all text is escaped. Pure.
 */
import { html, type Html } from '@retorno/service';

/** A page that was read: its title is the first heading. */
export interface ReadPage {
  readonly title: string;
  readonly body: Html;
}

/** Where a link of a page leads; undefined: nowhere, and its words stay. */
export type Target = (link: string) => string | undefined;

export function readMarkdown(text: string, target: Target): ReadPage {
  const [heading = '', ...blocks] = text.trim().split(/\n(?: *\n)+/);
  return {
    title: heading.replace(/^# /, ''),
    body: html`${blocks.map((block) => blockOf(block, target))}`,
  };
}

function blockOf(block: string, target: Target): Html {
  if (block.startsWith('## ')) return html`<h2>${inline(block.slice(3), target)}</h2>`;
  if (/^ {4}/.test(block)) return html`<pre>${block.replace(/^ {4}/gm, '')}</pre>`;
  const numbered = itemsOf(block, /^\d+\. /);
  if (numbered)
    return html`<ol>
      ${numbered.map((item) => html`<li>${inline(item, target)}</li>`)}
    </ol>`;
  const items = itemsOf(block, /^- /);
  if (items)
    return html`<ul>
      ${items.map((item) => html`<li>${inline(item, target)}</li>`)}
    </ul>`;
  return html`<p>${inline(block, target)}</p>`;
}

/** The items of a list; a line that does not begin one goes on with the one before. */
function itemsOf(block: string, mark: RegExp): string[] | undefined {
  if (!mark.test(block)) return undefined;
  const items: string[] = [];
  for (const line of block.split('\n')) {
    if (mark.test(line)) items.push(line.replace(mark, ''));
    else items.push(`${items.pop()} ${line.trim()}`);
  }
  return items;
}

const MARKED = /\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|`([^`]+)`|\[([^\]]+)\]\(([^)]+)\)/g;

function inline(text: string, target: Target): Html[] {
  const parts: Html[] = [];
  let from = 0;
  for (const match of text.matchAll(MARKED)) {
    const [whole, bold, stressed, code, words, link] = match;
    parts.push(html`${text.slice(from, match.index)}`);
    from = match.index + whole.length;
    if (bold !== undefined) parts.push(html`<strong>${bold}</strong>`);
    else if (stressed !== undefined) parts.push(html`<em>${stressed}</em>`);
    else if (code !== undefined) parts.push(html`<code>${code}</code>`);
    else parts.push(linked(words!, target(link!)));
  }
  return [...parts, html`${text.slice(from)}`];
}

function linked(words: string, address: string | undefined): Html {
  return address === undefined ? html`${words}` : html`<a href="${address}">${words}</a>`;
}
