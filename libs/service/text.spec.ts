import { validateSync } from 'class-validator';
import { OptionalText, Text } from './text';

class Note {
  @Text(5)
  text!: unknown;

  @OptionalText(5)
  more?: unknown;
}

const errors = (fields: object) =>
  validateSync(Object.assign(new Note(), fields)).map((e) => Object.values(e.constraints ?? {}));

describe('free text', () => {
  it('is neither blank, too long, nor what a database cannot keep', () => {
    for (const text of [undefined, 7, '', '  ', 'longer', 'a\u0000b', '\ud800x']) {
      expect(errors({ text })).toEqual([['text is required: text of 1 to 5 characters']]);
    }
    expect(errors({ text: 'Ñandú' })).toEqual([]);
  });

  it('may be left out where it is optional, and is held to the same rule where it is given', () => {
    expect(errors({ text: 'a', more: undefined })).toEqual([]);
    expect(errors({ text: 'a', more: ' ' })).toHaveLength(1);
  });
});
