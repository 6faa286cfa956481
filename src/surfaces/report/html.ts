// HTML as data: everything that is put into a template is made visible and escaped, unless it is HTML itself.
import { sanitise } from '../../core/sanitise.ts';

export interface Html {
  readonly html: string;
}

export type Value = Html | string | number | null | undefined | false | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Foreign text as HTML, for content and for quoted attributes. */
function escapeHtml(text: string): string {
  const shown = sanitise(text);
  return /[&<>"']/.test(shown) ? shown.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char) : shown;
}

function render(value: Value, out: string[]): void {
  if (typeof value === 'string') out.push(escapeHtml(value));
  else if (typeof value === 'number') out.push(String(value));
  else if (!value) return;
  else if ('html' in value) out.push(value.html);
  else for (const one of value) render(one, out);
}

/** A template of our own markup. What is filled in is escaped; null, undefined and false are nothing; a list is its members. */
export function h(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const out: string[] = [];
  for (const [i, text] of strings.entries()) {
    out.push(text);
    render(values[i], out);
  }
  return { html: out.join('') };
}

/** Our own trusted text, as it is: style sheets, scripts. */
export function raw(html: string): Html {
  return { html };
}
