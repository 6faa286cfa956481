// Pieces that every section of the page is built from.
import { type Html, h, type Value } from './html.ts';

/** A part of the page with a heading that the navigation leads to. `id` and `title` are our own words. */
export function section(id: string, title: string, content: Value): Html {
  return h`<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${title}</h2>
${content}
</section>
`;
}

/** The numbers behind a picture: open where scripts are off, closed by the page's script once the picture is drawn. */
export function figures(title: string, content: Value): Html {
  return h`<details class="figures" data-figures open><summary>${title}</summary>${content}</details>`;
}

/** Something that is opened to be read. */
export function fold(summary: Value, content: Value, options: { readonly open?: boolean; readonly name?: string } = {}): Html {
  return h`<details class="fold ${options.name ?? ''}"${options.open ? h` open` : ''}><summary>${summary}</summary>
${content}
</details>
`;
}

/** Text as it was written, with its lines. */
export function pre(text: string, name = ''): Html {
  return h`<pre class="text ${name}" tabindex="0">${text}</pre>`;
}

/** A command for a shell, with a button to copy it where scripts are on. */
export function command(text: string): Html {
  return h`<span class="command"><code>${text}</code><button type="button" class="copy" hidden>Copy</button></span>`;
}

/** A passed, failed or other mark that does not depend on colour. */
export function markOf(status: 'passed' | 'failed' | 'skipped' | 'todo' | null): Html {
  if (status === 'passed') return h`<span class="good" role="img" aria-label="passed">✓</span>`;
  if (status === 'failed') return h`<span class="bad" role="img" aria-label="failed">✗</span>`;
  if (status === null) return h`<span class="dim" role="img" aria-label="not there">·</span>`;
  return h`<span class="warn" role="img" aria-label="${status}">–</span>`;
}
