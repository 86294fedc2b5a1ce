/** What every language's file holds. */
import type { es } from './es';

export type TextKey = keyof typeof es.texts;

/** One language. Every key is there; null has no words yet, and Spanish stands in. */
export interface Translation {
  /** Its own name for itself. */
  readonly language: string;
  /** False until somebody who grew up with it has read it. */
  readonly reviewed: boolean;
  readonly texts: Readonly<Record<TextKey, string | null>>;
}
