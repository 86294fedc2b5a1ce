/**
 * The number of a DNI: eight digits, and on the card a check character behind them: a digit, or a letter on cards issued
 * before 2007.
 *
 * RENIEC's check character: the digits are weighed 3 2 7 6 5 4 3 2, and the sum modulo 11 picks a character. As documented
 * in the description of the Cédula Única de Identidad by python-stdnum (arthurdejong.org/python-stdnum, stdnum.pe.cui),
 * which cites RENIEC (gob.pe/235-documento-nacional-de-identidad-dni).
 */
const SHAPE = /^([0-9]{8})(?:-?([0-9A-K]))?$/;
const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2] as const;
const DIGITS = '65432110987';
const LETTERS = 'KJIHGFEDCBA';

/** Whether a text can be the number of a DNI; with a check character (`10117410-2`, `101174102`) that must be right. */
export function isDni(number: string): boolean {
  const [, digits, check] = SHAPE.exec(number.trim().toUpperCase()) ?? [];
  if (digits === undefined) return false;
  return check === undefined || checkCharacters(digits).includes(check);
}

/** The digit and the letter that may stand behind eight digits. */
function checkCharacters(digits: string): string {
  const sum = WEIGHTS.reduce<number>((total, weight, i) => total + weight * Number(digits[i]), 0);
  return `${DIGITS[sum % 11]}${LETTERS[sum % 11]}`;
}
