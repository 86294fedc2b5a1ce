import { isDni } from './dni';

describe('the number of a DNI', () => {
  it('is eight digits', () => {
    expect(isDni('45871236')).toBe(true);
    expect(isDni(' 00000001 ')).toBe(true);
    for (const wrong of ['', '1234567', '1234567A', '1234567890', '45 871236', '٤٥٨٧١٢٣٦']) {
      expect([wrong, isDni(wrong)]).toEqual([wrong, false]);
    }
  });

  // Examples of python-stdnum's stdnum.pe.cui.
  it('may come with its check digit, or with the letter of an older card', () => {
    for (const right of ['10117410-2', '101174102', '10117410-G', '10117410g']) {
      expect([right, isDni(right)]).toEqual([right, true]);
    }
  });

  it('with another check character is mistyped', () => {
    for (const wrong of ['10117410-3', '10117410-H', '10117411-2', '01117410-2', '10117410-L']) {
      expect([wrong, isDni(wrong)]).toEqual([wrong, false]);
    }
  });

  it('has exactly one check digit', () => {
    const fitting = (digits: string) => [...'0123456789'].filter((check) => isDni(`${digits}${check}`));
    for (const digits of ['45871236', '70000001', '00000000', '99999999']) {
      expect(fitting(digits)).toHaveLength(1);
    }
  });
});
