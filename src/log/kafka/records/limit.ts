/** Decompressing would make more bytes than are allowed. */
export class LimitError extends Error {}
