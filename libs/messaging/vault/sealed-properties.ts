/** An object some of whose properties are personal: those are kept together in one sealed text. */

/** As it is written down. */
export interface Sealed {
  /** Base64 of iv, tag and the personal properties as JSON; empty when the subject was erased already. */
  readonly sealed: string;
}

/** True when a key is needed to open it. */
export function isSealed(object: unknown): object is Sealed {
  return object !== null && typeof object === 'object' && Boolean((object as Partial<Sealed>).sealed);
}

/** The object with these properties sealed. `seal` turns text into base64. */
export function sealProperties(
  object: object,
  personal: readonly string[],
  seal: (text: string) => string,
): Sealed {
  const open: Record<string, unknown> = {};
  const secret: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) (personal.includes(name) ? secret : open)[name] = value;
  return { ...open, sealed: seal(JSON.stringify(secret)) };
}

/** The object as it was; without its personal properties when `open` gives nothing. */
export function openProperties(
  object: Partial<Sealed>,
  open: (sealed: string) => string | undefined,
): { object: object; isErased: boolean } {
  const { sealed, ...rest } = object;
  if (sealed === undefined) return { object, isErased: false };
  const text = sealed === '' ? undefined : open(sealed);
  if (text === undefined) return { object: rest, isErased: true };
  return { object: { ...rest, ...(JSON.parse(text) as object) }, isErased: false };
}
