// JSON as people write it: comments, trailing commas and a byte order mark are passed over.

/** Null when it cannot be read. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Most manifests are strict; only what is not pays for the second reading.
  }
  try {
    return JSON.parse(dropCommas(dropComments(text.replace(/^\ufeff/, ''))));
  } catch {
    return null;
  }
}

// An open string or comment takes all that follows: were it tried anew at each place, a hostile file would cost the square of its length.
function dropComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (found) => (found.startsWith('"') ? found : ' '));
}

function dropCommas(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"?|,(?=\s*[\]}])/g, (found) => (found === ',' ? '' : found));
}
