import { parse } from 'node-html-parser';
import { keptPage, notice } from './expired';

describe('a form that came after the login had ended', () => {
  it('is answered with a page that holds every field, in order, as text', () => {
    const fields = [
      ['reason', '"><script>alert(1)</script>'],
      ['case', '1'],
      ['case', '2'],
    ] as const;
    const form = parse(keptPage('es', '/console/cases/close?to="x"', fields)).querySelector('form')!;
    expect(form.getAttribute('action')).toBe('/console/cases/close?to="x"');
    const kept = form
      .querySelectorAll('input')
      .map((input) => [input.getAttribute('name'), input.getAttribute('value')]);
    expect(kept).toEqual(fields);
    expect(form.querySelector('script')).toBeNull();
  });

  it('says that a file must be chosen again, and sends nothing', () => {
    const page = parse(keptPage('es', '/console/intake', undefined));
    expect(page.querySelector('form')).toBeNull();
    expect(page.text).toContain('elija otra vez el archivo');
  });
});

describe('a page that could not fetch itself again', () => {
  it('offers a login beside it only when the login has ended', () => {
    expect(parse(notice('en', 401)).querySelector('a')?.getAttribute('target')).toBe('_blank');
    expect(parse(notice('en', 503)).querySelector('a')).toBeNull();
  });
});
