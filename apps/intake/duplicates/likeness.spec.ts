import type { Person } from '@retorno/contracts';
import { someone } from '../../../tests/support/labelled-pairs';
import { likenessOf } from './likeness';

function agreements(one: Partial<Person>, other: Partial<Person>): Record<string, string> {
  const { fields } = likenessOf(someone(one), someone(other));
  return Object.fromEntries(fields.map(({ field, agreement }) => [field, agreement]));
}

describe('in what two registrations agree', () => {
  it('is said field by field: the same, nearly, otherwise, or not said by one of them', () => {
    const one = { documentType: 'dni', documentNumber: '12345678', phone: '+51987654321' } as const;
    const other = { documentType: 'dni', documentNumber: '12345687', familyNames: 'Kispe Mamani' } as const;
    expect(agreements(one, { ...other, dateOfBirth: '1990-16-05', sex: 'F' })).toEqual({
      names: 'close',
      birth: 'close',
      document: 'close',
      sex: 'other',
      nationality: 'same',
      phone: 'missing',
      email: 'missing',
    });
    expect(agreements(one, one)).toMatchObject({
      names: 'same',
      birth: 'same',
      document: 'same',
      phone: 'same',
    });
    expect(agreements({}, { familyNames: 'Otro Apellido', dateOfBirth: '1950-01-31' })).toMatchObject({
      names: 'other',
      birth: 'other',
    });
  });

  it('is that a passport is not a DNI', () => {
    const passport = { documentType: 'passport', documentNumber: '12345678' } as const;
    expect(agreements({ documentType: 'dni', documentNumber: '12345678' }, passport).document).toBe('other');
  });

  it('comes with the score and the ground, and holds no value of either', () => {
    const likeness = likenessOf(someone(), someone({ givenNames: 'JUAN CARLOS' }));
    expect(likeness).toMatchObject({ score: 100, ground: 'same-names-and-birth-date' });
    expect(JSON.stringify(likeness)).not.toMatch(/quispe|juan|1990/i);
    expect(likenessOf(someone(), someone({ givenNames: 'Ana' })).ground).toBeNull();
  });
});
