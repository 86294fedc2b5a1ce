import { IsIn, IsInt, Min } from 'class-validator';
import { readSettings, SettingsError } from './settings';

class Bakery {
  @IsInt({ message: 'OVENS must be a number of ovens' })
  @Min(1, { message: 'OVENS must be a number of ovens' })
  OVENS: number = 2;

  @IsIn(['rye', 'wheat'], { message: 'FLOUR must be rye or wheat' })
  FLOUR: string = 'rye';
}

describe('settings', () => {
  it('come from variables of the same names, typed, with defaults', () => {
    expect(readSettings(Bakery, { OVENS: '7', UNRELATED: 'x' })).toEqual({ OVENS: 7, FLOUR: 'rye' });
    expect(readSettings(Bakery, { OVENS: '' })).toEqual({ OVENS: 2, FLOUR: 'rye' });
  });

  it('stop the start naming every wrong one and what it should be, and never its value', () => {
    let error: unknown;
    try {
      readSettings(Bakery, { OVENS: 'secret', FLOUR: 'hidden' });
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(SettingsError);
    const { message } = error as SettingsError;
    expect(message).toContain('OVENS must be a number of ovens');
    expect(message).toContain('FLOUR must be rye or wheat');
    expect(message).not.toMatch(/secret|hidden/);
  });
});
