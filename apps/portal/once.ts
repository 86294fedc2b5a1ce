import { v7 as uuidv7 } from 'uuid';

/** The id that a form came with, so that the same form sent twice is one thing; a new one when it came with none. */
export function onceOf(once: string | undefined): string {
  return once !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(once) ? once : uuidv7();
}
