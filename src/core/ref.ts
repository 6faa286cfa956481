// References to contents, which live as blobs beside the journal.

/** The sha256 of a blob's bytes, in lower-case hex. */
export type Ref = string;

/** Contents of a tree: path (with forward slashes, relative) to blob, or to `GONE`. */
export type Tree = Readonly<Record<string, Ref>>;

/** In a tree that is laid over the base: the base's file is not there any more. */
export const GONE: Ref = 'gone';

/** Contents of a tree as text, as the effects that need them see it. */
export type Files = Readonly<Record<string, string>>;
