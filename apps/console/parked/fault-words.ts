/** What a contract finds wrong with a message, by the keyword of JSON Schema that does not hold. Pure. */
import type { FieldError } from '@retorno/service';
import { wrongFieldIn } from '../frame/refusals';
import type { Language } from '../frame/texts';

const TYPES_ES: Readonly<Record<string, string>> = {
  string: 'un texto',
  integer: 'un número entero',
  number: 'un número',
  boolean: 'true o false',
  object: 'un objeto',
  array: 'una lista',
  null: 'null',
};

const FORMATS_ES: Readonly<Record<string, string>> = {
  date: 'un día, como 2026-11-20',
  'date-time': 'un momento, como 2026-11-20T08:44:00-05:00',
};

/** Each keyword that contracts use, and `personal` of whoever edits. */
export const FAULTS_ES: Readonly<Record<string, (expected: string) => string>> = {
  type: (type) => `Debe ser ${TYPES_ES[type] ?? type}.`,
  required: (name) => `Falta el campo «${name}».`,
  additionalProperties: (name) => `El formato no conoce el campo «${name}»: quítelo.`,
  enum: (values) => `Debe ser una de estas palabras: ${values}.`,
  const: (value) => `Debe ser «${value}».`,
  format: (format) => `Debe ser ${FORMATS_ES[format] ?? format}.`,
  pattern: (pattern) => `Debe tener esta forma: ${pattern}`,
  minLength: (limit) => `Debe tener ${limit} letras como mínimo.`,
  maxLength: (limit) => `Debe tener ${limit} letras como máximo.`,
  minItems: (limit) => `La lista debe tener ${limit} elementos como mínimo.`,
  maxItems: (limit) => `La lista debe tener ${limit} elementos como máximo.`,
  minimum: (limit) => `Debe ser ${limit} o más.`,
  maximum: (limit) => `Debe ser ${limit} o menos.`,
  anyOf: () => 'No corresponde a ninguna de las formas que puede tener.',
  personal: () => 'Es un dato personal y está sellado: quítelo.',
};

/** One error in words; an English page shows what the service says. */
export function faultIn(language: Language, error: FieldError): string {
  const words = error.code === undefined ? undefined : FAULTS_ES[error.code];
  if (language === 'en' || words === undefined) return wrongFieldIn(language, error);
  return words(error.expected ?? '');
}
