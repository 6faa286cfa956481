// A screen as it is kept for reviewers: without what is different each time.

/** The rows with times, ids, paths and digests replaced, and lines of parallel work in the order of their names. */
export function masked(rows: readonly string[]): string {
  const text = rows
    .map((row) => row.trimEnd())
    .join('\n')
    .trimEnd()
    // The header's task is cut by how long the activity on its right is.
    .replace(/^redgreen {2}\S.*? {2,}(\S .*)$/gm, (row, activity: string) =>
      /^[0-9.]+ /.test(row.slice(10)) ? row : `redgreen  TASK  ${(activity.split(' · ')[0] ?? '').replace(/^[●○]/, '●')}`,
    )
    .replace(/\d{8}-\d{6}-[a-z0-9]{4}/g, 'RUN')
    .replace(/\S*\/redgreen-e2e-\w{6}/g, 'DIR')
    .replace(/sha256:[0-9a-f]+/g, 'sha256:DIGEST')
    .replace(/\bat [0-9a-f]{10}\b/g, 'at COMMIT')
    .replace(/^(box +).*$/gm, '$1BOX')
    .replace(/(bubblewrap|perl|root|podman|docker|macOS)(?= ·)/g, 'BOX')
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    // The mark of activity, where it begins a row.
    .replace(/^[●○] (?=[a-z]+ing\b)/gm, '● ')
    .replace(/\b\d+(\.\d+)? (ms|s|min|h)\b( \d+ s\b)?/g, 'TIME')
    .replace(/(time|money|rounds) [━╍╌]+( \d+ %)?/g, '$1 BAR');
  return `${sorted(text.split('\n')).join('\n')}\n`;
}

const PARALLEL = /^ *(draft|tests) {4}/;

/** Lines of parallel work in the order of their names; none at the top of the window, where it is chance which of them are still seen. */
function sorted(rows: readonly string[]): readonly string[] {
  const first = rows.findIndex((row) => !PARALLEL.test(row));
  const out: string[] = [];
  let group: string[] = [];
  for (const row of [...rows.slice(first), '']) {
    if (PARALLEL.test(row)) {
      group.push(row);
      continue;
    }
    out.push(...group.sort(), row);
    group = [];
  }
  return out.slice(0, -1);
}
