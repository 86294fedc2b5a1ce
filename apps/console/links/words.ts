/** Words of the links to a returnee's own page. */
import { wordsOf } from '../frame/texts';

type Words = Readonly<Record<string, string>>;

export const wordsIn = wordsOf({
  es: {
    title: 'Enlace a su página',
    back: 'Volver al caso',
    backToLinks: 'Todos los enlaces de este caso',
    lead: 'En su página la persona ve cómo va cada derivación y qué sigue; confirma o reclama lo entregado, cambia su teléfono y retira su consentimiento. Quien tiene la dirección entra como si fuera la persona.',
    refused: 'No se hizo.',
    wrong: {
      '/days': 'Los días deben ser un número de 1 a 365.',
      '/reason': 'Escriba por qué lo anula, en 500 letras como máximo.',
    } as Words,
    erased: 'Los datos de la persona se borraron: su página no se abre a nadie.',
    give: 'Dar un enlace',
    atRisk:
      'Cuidado: alguien que mire el teléfono de esta persona podría hacerle daño. Piense antes si conviene darle un enlace, y délo por pocos días. En su página no se ve ninguna sede ni hora de cita: dígaselas por el teléfono seguro.',
    maybeAtRisk:
      'Si alguien que mire el teléfono de esta persona pudiera hacerle daño (violencia, trata, una niña o un niño solo), piense antes si conviene darle un enlace, délo por pocos días y no ponga de quién es.',
    named: 'La tarjeta dice de quién es (nombre y caso)',
    language: 'Idioma de la página',
    languages: { es: 'español', qu: 'quechua', ay: 'aimara', en: 'inglés' } as Words,
    days: 'Por cuántos días (1 a 365)',
    once: 'La dirección se muestra una sola vez. Los enlaces anteriores siguen sirviendo hasta que venzan o los anule.',
    giveButton: 'Dar el enlace',
    given: 'Enlaces de este caso',
    none: 'Todavía no se dio ningún enlace. Dé uno cuando la persona esté delante, o mándelo por donde nadie más lo lea.',
    noneSeen: 'No hay ningún enlace a la página de esta persona.',
    earlier: 'Anteriores',
    givenAt: 'Dado el',
    until: 'Sirve hasta',
    state: 'Estado',
    states: { good: 'sirve', over: 'venció', revoked: 'anulado el' },
    revoke: 'Anular',
    revokeOf: (when: string) => `Anular el enlace dado el ${when}`,
    why: '¿Por qué?',
    made: 'El enlace está listo',
    shownOnce:
      'Esta dirección se muestra solo ahora: imprima la tarjeta o cópiela antes de salir de la página. Si se pierde, anule el enlace y dé otro.',
    print: 'Para imprimir la tarjeta use la impresión de su navegador (Ctrl + P): sale solo la tarjeta.',
    unnamedCard: 'La tarjeta no dice de quién es.',
    card: {
      title: 'Su página',
      for: 'Para',
      case: 'Caso',
      until: 'Sirve hasta',
      keep: 'Guarde esta dirección y no la muestre a nadie: quien la tenga puede ver y cambiar lo suyo. Si la pierde, avise a quien se la dio.',
    },
  },
  en: {
    title: 'Link to their page',
    back: 'Back to the case',
    backToLinks: 'All links of this case',
    lead: 'On their page the returnee sees where each referral stands and what is next; confirms or disputes what was delivered, changes the telephone and withdraws consent. Whoever has the address is taken for the returnee.',
    refused: 'It was not done.',
    wrong: {
      '/days': 'The days must be a number from 1 to 365.',
      '/reason': 'Write why you revoke it, in 500 letters at most.',
    } as Words,
    erased: 'The data of the person was erased: the page opens to nobody.',
    give: 'Give a link',
    atRisk:
      'Careful: somebody who looks at the telephone of this person could harm them. Think first whether a link is good for them, and give it for few days. Their page shows no office and no time of an appointment: tell them on the safe telephone.',
    maybeAtRisk:
      'If somebody who looks at the telephone of this person could harm them (violence, trafficking, a child alone), think first whether a link is good for them, give it for few days, and do not say whose it is.',
    named: 'The card says whose it is (name and case)',
    language: 'Language of the page',
    languages: { es: 'Spanish', qu: 'Quechua', ay: 'Aymara', en: 'English' } as Words,
    days: 'For how many days (1 to 365)',
    once: 'The address is shown once. Earlier links stay good until they end or you revoke them.',
    giveButton: 'Give the link',
    given: 'Links of this case',
    none: 'No link was given yet. Give one when the person is with you, or send it where nobody else reads.',
    noneSeen: 'There is no link to this person’s page.',
    earlier: 'Earlier',
    givenAt: 'Given on',
    until: 'Good until',
    state: 'State',
    states: { good: 'good', over: 'over', revoked: 'revoked on' },
    revoke: 'Revoke',
    revokeOf: (when: string) => `Revoke the link given on ${when}`,
    why: 'Why?',
    made: 'The link is ready',
    shownOnce:
      'This address is shown now only: print the card or copy it before you leave the page. When it is lost, revoke the link and give another one.',
    print: 'To print the card, print from your browser (Ctrl + P): the card alone comes out.',
    unnamedCard: 'The card does not say whose it is.',
    card: {
      title: 'Your page',
      for: 'For',
      case: 'Case',
      until: 'Good until',
      keep: 'Keep this address and show it to nobody: whoever has it can see and change what is yours. If you lose it, tell whoever gave it to you.',
    },
  },
});
