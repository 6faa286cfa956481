// References to contents, which live as blobs beside the journal.

/** The sha256 of a blob's bytes, in lower-case hex. */
export type Ref = string;

/** Contents of a tree: path (with forward slashes, relative) to blob. */
export type Tree = Readonly<Record<string, Ref>>;

/** Contents of a tree as text, as the effects that need them see it. */
export type Files = Readonly<Record<string, string>>;
