import { parse } from 'node-html-parser';
import { aSetting, BEFORE, LATER, NOW } from '../case/testing';
import { cardPage } from './card-page';
import { linksPage, type CaseOfLinks, type GivenLink } from './links-page';

const of: CaseOfLinks = { id: 'c-1', number: 'RT-2026-000001', atRisk: null };
const aLink = (changes: Partial<GivenLink> = {}): GivenLink => ({
  id: 'l-1',
  language: 'qu',
  createdAt: BEFORE,
  expiresAt: LATER,
  revokedAt: null,
  revokeReason: null,
  ...changes,
});
const show = (one: CaseOfLinks, links: GivenLink[] = [], setting = aSetting('es', 'operations')) =>
  parse(linksPage(setting, one, { items: links, next: null }).body.text);
const made = { id: 'l-2', url: 'https://retorno.example/portal/my/abc', expiresAt: LATER };

describe('the links of a case', () => {
  it('can be revoked as long as they open the page', () => {
    const over = aLink({ id: 'l-2', expiresAt: NOW });
    const revoked = aLink({ id: 'l-3', revokedAt: NOW, revokeReason: '<i>perdido' });
    const root = show(of, [aLink(), over, revoked]);
    expect(root.querySelectorAll('form[action$=revoke]').map((one) => one.getAttribute('action'))).toEqual([
      '/console/cases/RT-2026-000001/links/l-1/revoke',
    ]);
    expect(root.toString()).toContain('&lt;i&gt;perdido');
  });

  it('are proposed for few days and without whose they are, for whom a lead knows to be at risk', () => {
    const proposed = (atRisk: boolean | null) => {
      const root = show({ ...of, atRisk });
      const named = root.querySelector('[name=named]')!.hasAttribute('checked');
      return [
        root.querySelector('#days')!.getAttribute('value'),
        named,
        root.querySelector('.alert') !== null,
      ];
    };
    expect(proposed(true)).toEqual(['3', false, true]);
    expect(proposed(null)).toEqual(['30', true, true]);
    expect(proposed(false)).toEqual(['30', true, false]);
  });

  it('are not given to somebody whose data was erased, or by somebody who only looks', () => {
    expect(show({ ...of, erasedAt: NOW }).querySelector('#give')).toBeNull();
    const auditor = show(of, [aLink()], aSetting('es', 'auditor'));
    expect(auditor.querySelectorAll('form')).toHaveLength(0);
  });
});

describe('the card', () => {
  const card = (whose: { names: string | null } | null, language = 'es') =>
    parse(cardPage(aSetting('en', 'operations'), of, made, { whose, language }).body.text).querySelector(
      '.ticket',
    )!;

  it('says the address, until when, and whose it is only where that was chosen', () => {
    expect(card({ names: 'Ana Quispe' }).text).toContain('Ana Quispe');
    expect(card(null).text).not.toContain('RT-2026');
    expect(card(null).querySelector('.address')!.text.trim()).toBe(made.url);
  });

  it('speaks to the returnee, not to whoever prints it', () => {
    expect(card(null).getAttribute('lang')).toBe('es');
    expect(card(null, 'en').text).toContain('Keep this address');
  });
});
