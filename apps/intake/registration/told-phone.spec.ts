import type { Registration } from '../manifests/manifest-row';
import { withPhone, withToldPhone } from './told-phone';

const row = (phone?: string): Registration =>
  ({ person: phone === undefined ? {} : { phone } }) as unknown as Registration;
const phoneOf = ({ person }: Registration): string | undefined => person.phone;

describe('a phone that the returnee gave', () => {
  const told = withPhone(row('+51911111111'), '+51922222222');

  it('is undone by no row that repeats the old one, however often', () => {
    const once = withToldPhone(told, row('+51911111111'));
    expect(phoneOf(once)).toBe('+51922222222');
    expect(phoneOf(withToldPhone(once, row('+51911111111')))).toBe('+51922222222');
  });

  it('gives way to a row that says another one', () => {
    const next = withToldPhone(told, row('+51933333333'));
    expect(next).toEqual(row('+51933333333'));
  });

  it('stays when it is given twice, and what rows said stays what they said', () => {
    const twice = withPhone(told, '+51944444444');
    expect(phoneOf(withToldPhone(twice, row('+51911111111')))).toBe('+51944444444');
  });

  it('stays where rows name none', () => {
    expect(phoneOf(withToldPhone(withPhone(row(), '+51922222222'), row()))).toBe('+51922222222');
  });
});
