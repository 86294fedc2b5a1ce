/** The texts in the query of an address, trimmed: '' for what is not there, or is there more than once. Pure. */
export function textsIn(query: Readonly<Record<string, unknown>>): (name: string) => string {
  return (name) => {
    const value = query[name];
    return typeof value === 'string' ? value.trim() : '';
  };
}
