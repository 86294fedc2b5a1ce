/** A new telephone as it is typed on the page. */
import parsePhone from 'libphonenumber-js/min';

const E164 = /^\+[1-9]\d{6,14}$/;

/** Whether it is a number in E.164 that some country could have given out: what intake takes. */
export function isPhone(text: string): boolean {
  return E164.test(text) && parsePhone(text)?.isPossible() === true;
}

/** What operations read when the page of a person at risk asks for another telephone. */
export function askedForPhone(phone: string): string {
  return (
    `The page asks for another telephone: ${phone}. Nothing was changed, and the page does not say so. Somebody else may ` +
    'have written it: ask this person, on the safe telephone that is known, and change it only then.'
  );
}
