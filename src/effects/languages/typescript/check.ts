export function checkFiles(..._: unknown[]): never { throw new Error('x'); }
