import { parse } from 'node-html-parser';
import { textPart, type TextField } from './text-part';

const areaOf = (field: Partial<TextField>) =>
  parse(textPart({ id: 'why', name: 'reason', label: 'Motivo', most: 500, ...field }).text).querySelector(
    'textarea',
  )!;

describe('a field for a text', () => {
  it('shows again what was typed, as text and with its first line break', () => {
    // The parser takes the first line break after the tag away, as browsers do.
    expect(areaOf({ value: '\n<b>llegó tarde</b>' }).innerHTML).toBe('\n&lt;b&gt;llegó tarde&lt;/b&gt;');
  });

  it('is described by its hint, by what else tells of it, and by what is wrong with it', () => {
    const area = areaOf({ hint: 'Sin nombres.', describedBy: 'more', wrongBy: 'why-not' });
    expect(area.getAttribute('aria-describedby')).toBe('more why-hint why-not');
    expect(area.getAttribute('aria-invalid')).toBe('true');
  });

  it('is neither wrong nor required unless that is said', () => {
    const { attributes } = areaOf({});
    expect(Object.keys(attributes)).toEqual(['id', 'name', 'rows', 'maxlength']);
    expect(areaOf({ isRequired: true }).hasAttribute('required')).toBe(true);
  });
});
