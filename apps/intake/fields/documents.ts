/** The numbers of documents: the forms that are taken, and what of a number says whose document it is. */
import type { DocumentType, Person } from '@retorno/contracts';

/**
 * A DNI: eight digits, and behind them, where the writer had the card at hand, its check character: a digit, or a letter
 * on cards issued until 14 August 2007. Whether it is the right one is for the registry to say.
 */
const DNI = /^(\d{8})(?:-?([0-9A-K]))?$/;

const FORMS: Record<Exclude<DocumentType, 'none'>, { pattern: RegExp; message: string }> = {
  dni: {
    pattern: DNI,
    message: 'must be the eight digits of a DNI; its check digit or letter may stand behind them: 12345678-9',
  },
  passport: {
    pattern: /^[A-Z0-9]{5,15}$/,
    message: 'must be 5 to 15 capital letters and digits for a passport',
  },
  'safe-conduct': {
    pattern: /^[A-Z0-9][A-Z0-9/.-]{2,29}$/,
    message: 'must be 3 to 30 capital letters, digits, hyphens, dots and slashes for a safe-conduct',
  },
};

/** A document's number in the one form that is kept (`12345678-9` for a DNI with its check character), or what is wrong. */
export function readNumber(
  type: Exclude<DocumentType, 'none'>,
  text: string,
): { number: string; wrong?: never } | { wrong: string; number?: never } {
  const { pattern, message } = FORMS[type];
  const number = text.toUpperCase();
  if (!pattern.test(number)) return { wrong: message };
  return { number: type === 'dni' ? number.replace(DNI, withHyphen) : number };
}

function withHyphen(_number: string, digits: string, check: string | undefined): string {
  return check === undefined ? digits : `${digits}-${check}`;
}

/**
 * What two numbers of one kind of document have in common when they are the same one: letters and digits, and of a DNI
 * the eight digits, with or without their check character. Undefined without a document.
 */
export function documentCharacters({
  documentType,
  documentNumber,
}: Pick<Person, 'documentType' | 'documentNumber'>): string | undefined {
  const characters = documentNumber?.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
  return documentType === 'dni' ? characters?.slice(0, 8) : characters;
}
