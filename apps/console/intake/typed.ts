/** What was typed, a box of a list under `needs.employment`. */
export type Typed = Readonly<Record<string, string>>;
