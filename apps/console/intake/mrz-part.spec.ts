import { parse } from 'node-html-parser';
import type { Caller } from '@retorno/service';
import { unseenTrouble, withMrz } from './mrz-part';
import { returneePage } from './returnee';
import { passportZone } from '../../../tests/support/zones';

const caller: Caller = { subject: 's', name: 'desk 2', roles: new Set(['intake']) };
const now = new Date('2026-11-23T15:00:00Z');
const setting = { language: 'es', caller, address: '/', now } as const;

function shown(typed: Record<string, string>) {
  const read = withMrz(typed, now);
  return parse(returneePage(setting, { ...read, errors: [] }).body.text);
}
const valueOf = (page: ReturnType<typeof shown>, column: string) =>
  page.querySelector(`#${column}`)!.getAttribute('value');

describe('the zone on the form', () => {
  it('fills what is empty, says so, and asks for a look', () => {
    const page = shown({ mrz: passportZone(), flight: 'LA2469' });
    expect(valueOf(page, 'family_names')).toBe('Quispe Mamani');
    expect(valueOf(page, 'document_number')).toBe('123456789');
    expect(page.querySelector('#sex option[selected]')!.getAttribute('value')).toBe('F');
    expect(valueOf(page, 'flight')).toBe('LA2469');
    const said = page.querySelector('#mrz-said[role=status]')!.text;
    expect(said).toContain('Apellidos, Nombres, Fecha de nacimiento');
    expect(said).toContain('El documento vence el 2030-01-01');
    expect(page.querySelector('#mrz')!.text.trim()).toBe(passportZone());
  });

  it('keeps what was typed where it says another thing, and points that out at the field', () => {
    const page = shown({ mrz: passportZone(), given_names: 'María Rosa', family_names: 'Quispé Mamaní' });
    expect(valueOf(page, 'given_names')).toBe('María Rosa');
    expect(page.querySelector('#given_names-mrz')!.text).toContain('«Rosa Maria»');
    expect(page.querySelector('#given_names')!.getAttribute('aria-describedby')).toBe('given_names-mrz');
    expect(valueOf(page, 'family_names')).toBe('Quispé Mamaní');
    expect(page.querySelector('#family_names-mrz')).toBeNull();
  });

  it('that cannot be fills nothing, loses nothing, and says where to look again', () => {
    const mrz = passportZone().replace('123456789', '123456780');
    const page = shown({ mrz, given_names: 'Rosa' });
    expect(page.querySelector('[role=alert]')!.text).toContain(
      'Línea 2, posición 10: el dígito de control no corresponde a esta parte: el número del documento',
    );
    expect(valueOf(page, 'family_names')).toBe('');
    expect(valueOf(page, 'given_names')).toBe('Rosa');
    expect(page.querySelector('#mrz')!.getAttribute('aria-invalid')).toBe('true');
    expect(page.querySelector('#mrz')!.text.trim()).toBe(mrz);
  });

  it('of a document that is over says so', () => {
    expect(shown({ mrz: passportZone({ expiry: '261122' }) }).text).toContain(
      'El documento venció el 2026-11-22',
    );
  });
});

describe('registering with a zone on the form', () => {
  const typed = { mrz: passportZone(), sex: 'M' };

  it('is held up once by a contradiction that nobody has seen', () => {
    const trouble = unseenTrouble(typed, now)!;
    expect(trouble.mrz.differs).toEqual({ sex: 'F' });
    expect(trouble.typed['family_names']).toBeUndefined();
    expect(unseenTrouble(trouble.typed, now)).toBeUndefined();
    expect(unseenTrouble(withMrz(typed, now).typed, now)).toBeUndefined();
  });

  it('is held up again by another zone', () => {
    const seen = withMrz(typed, now).typed;
    const other = { ...seen, mrz: passportZone({ birth: '850215' }) };
    expect(unseenTrouble(other, now)!.mrz.differs).toMatchObject({ date_of_birth: '1985-02-15' });
  });

  it('is held up by one that cannot be, and by none that agrees or is left out', () => {
    expect(unseenTrouble({ mrz: 'P<PER' }, now)!.mrz.problems).toEqual([{ code: 'lines' }]);
    expect(unseenTrouble({ mrz: passportZone(), sex: 'F' }, now)).toBeUndefined();
    expect(unseenTrouble({ mrz: ' \n ' }, now)).toBeUndefined();
  });
});
