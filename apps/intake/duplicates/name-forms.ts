/** Forms of a name under which spellings of the same one meet. Names arrive as travel documents, manifests and consulates write them. */
import { transliterate } from 'transliteration';

/** Parts that come and go from one document to the next. */
const PARTICLES = new Set(['de', 'del', 'la', 'las', 'los', 'da', 'do', 'dos', 'y', 'e', 'van', 'von']);

/** The words of a name in plain lower-case letters, without accents and particles, whatever the script. */
export function wordsOf(name: string): string[] {
  const plain = transliterate(name.normalize('NFC')).toLowerCase().replace(/['’`]/g, '');
  const words = plain.split(/[^a-z]+/).filter(Boolean);
  const telling = words.filter((word) => !PARTICLES.has(word));
  return telling.length > 0 ? telling : words;
}

const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/sh/g, 's'],
  [/th/g, 't'],
  [/ch/g, '1'],
  // Quechua and Aymara names: Huamán, Guamán, Waman.
  [/(hu|gu|gü|w)(?=[ao])/g, '2'],
  [/w/g, '2'],
  [/qu(?=[ei])/g, 'k'],
  [/gu(?=[ei])/g, 'g'],
  [/c(?=[ei])/g, 's'],
  [/g(?=[ei])/g, 'j'],
  [/x/g, 'j'],
  [/[cq]/g, 'k'],
  [/z/g, 's'],
  [/v/g, 'b'],
  [/ll/g, 'y'],
  [/h/g, ''],
  [/y$/g, 'i'],
  // Quechua knows three vowels: Quispe, Qishpi.
  [/e/g, 'i'],
  [/o/g, 'u'],
  [/(.)\1+/g, '$1'],
];

/** How a word sounds to a Spanish ear, in few letters: quispe, kispi and qishpi are the same. */
export function soundOf(word: string): string {
  return SOUNDS.reduce((text, [pattern, sound]) => text.replace(pattern, sound), word);
}
