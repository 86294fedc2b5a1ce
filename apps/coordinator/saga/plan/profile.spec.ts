import { ageAt } from './profile';
import { profile } from '../../testing/returnees';

describe('the profile', () => {
  it.each([
    ['2008-11-20', '2026-11-20', 18],
    ['2008-11-21', '2026-11-20', 17],
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2026-11-20', '2026-11-20', 0],
    ['2026-12-12', '2026-11-20', 0],
  ])('who was born on %s is on %s %i years old', (born, day, age) => {
    expect(ageAt(born, day)).toBe(age);
  });

  it('holds nothing that says who it is', () => {
    const text = JSON.stringify(
      profile({
        documentType: 'dni',
        documentNumber: '12345678',
        household: 'H1',
        phone: '+51999999999',
        email: 'a@b.pe',
      }),
    );
    for (const secret of ['Prueba', 'Alfa', '1996', '12345678', 'H1', '+51', 'a@b', '150101']) {
      expect(text).not.toContain(secret);
    }
  });
});
