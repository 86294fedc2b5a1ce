/** Arrays as PostgreSQL reads them: https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO */

/**
 * A parameter of a statement; an array of plain values as its literal. The driver escapes arrays value by value, which was
 * 4 % of the hot path; what JSON would escape otherwise than PostgreSQL, and all other values, are left to it.
 */
export function withLiteral(param: unknown): unknown {
  if (!Array.isArray(param) || !param.every(isPlain)) return param;
  const text = JSON.stringify(param);
  return text.includes('\\') ? param : `{${text.slice(1, -1)}}`;
}

function isPlain(value: unknown): boolean {
  return value === null || value === undefined || ['string', 'number', 'boolean'].includes(typeof value);
}
