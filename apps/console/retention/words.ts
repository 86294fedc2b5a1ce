/** Words of how long a person's data is kept. */
import { wordsOf } from '../frame/texts';

type Words = Readonly<Record<string, string>>;

export const wordsIn = wordsOf({
  es: {
    title: 'Conservar o borrar sus datos',
    back: 'Volver al caso',
    lead: 'Todo lo personal se guarda sellado con una llave propia de la persona. Borrar es destruir esa llave: nadie puede leerlo más, aquí, en ninguna institución ni en ninguna copia. Queda el caso, sin decir de quién fue.',
    onlyLead: 'La decisión es de un jefe de operaciones.',
    held: 'Los datos están retenidos: no se borran, tampoco solos.',
    notHeld: 'Los datos no están retenidos.',
    keptWhileOpen: 'Mientras el caso esté abierto se conservan.',
    keptUntil: (when: string) => `Se borran solos el ${when}.`,
    erasable: 'Se pueden borrar ahora.',
    obstacles: {} as Words,
    registrations: (n: number) => `Son ${n} registros de la misma persona: se conservan y se borran juntos.`,
    erasure: {
      requested: 'Se pidió borrar los datos: en un minuto nadie podrá leerlos.',
      erased: 'Los datos se borraron.',
    },
    record: 'Lo que se decidió',
    noRecord: 'Todavía no se decidió nada.',
    when: 'Cuándo',
    what: 'Qué',
    who: 'Quién',
    why: 'Por qué',
    whats: {
      held: 'se retuvieron',
      released: 'se levantó la retención',
      'erasure-requested': 'se pidió borrarlos',
      'erasure-refused': 'no se borraron',
      erased: 'se borraron',
    } as Words,
    decisions: { hold: 'Retener los datos', release: 'Levantar la retención', erasure: 'Borrar los datos' },
    texts: {
      hold: 'Por ejemplo por un proceso judicial. Mientras estén retenidos no se borran.',
      release: 'Los datos podrán borrarse, y se borrarán solos cuando se cumpla su plazo.',
      erasure: 'No se puede deshacer, tampoco con una copia de seguridad.',
    },
    reason: '¿Por qué? Queda guardado para siempre: no escriba quién es la persona.',
    confirm: (number: string) => `Para confirmar, escriba el número del caso: ${number}`,
    refused: 'No se hizo.',
    refusals: {
      'invalid-fields': 'Escriba por qué, en 500 letras como máximo.',
      'number-differs': 'El número que escribió no es el de este caso. No se borró nada.',
    } as Words,
  },
  en: {
    title: 'Keep or erase their data',
    back: 'Back to the case',
    lead: 'Everything personal is kept sealed under a key of the person’s own. Erasing destroys that key: nobody can read it any more, here, at any agency, or in any backup. The case stays, without saying whose it was.',
    onlyLead: 'A lead of operations decides.',
    held: 'The data is held: it is not erased, nor by itself.',
    notHeld: 'The data is not held.',
    keptWhileOpen: 'It is kept as long as the case is open.',
    keptUntil: (when: string) => `It is erased by itself on ${when}.`,
    erasable: 'It can be erased now.',
    obstacles: {
      'case-open': 'It cannot be erased yet: close the case first, and wait until it is closed.',
      'legal-hold': 'It cannot be erased while it is held.',
    } as Words,
    registrations: (n: number) =>
      `These are ${n} registrations of one person: they are kept and erased together.`,
    erasure: {
      requested: 'The data is being erased: within a minute nobody can read it.',
      erased: 'The data was erased.',
    },
    record: 'What was decided',
    noRecord: 'Nothing was decided yet.',
    when: 'When',
    what: 'What',
    who: 'Who',
    why: 'Why',
    whats: {
      held: 'held',
      released: 'released',
      'erasure-requested': 'erasure asked for',
      'erasure-refused': 'not erased',
      erased: 'erased',
    } as Words,
    decisions: { hold: 'Hold the data', release: 'Release the data', erasure: 'Erase the data' },
    texts: {
      hold: 'For example because of proceedings. What is held is not erased.',
      release: 'The data can be erased then, and is erased by itself when its time has come.',
      erasure: 'It cannot be undone, not from a backup either.',
    },
    reason: 'Why? It is kept for good: do not write who the person is.',
    confirm: (number: string) => `To confirm, write the number of the case: ${number}`,
    refused: 'It was not done.',
    refusals: {
      'invalid-fields': 'Write why, in 500 letters at most.',
      'number-differs': 'The number that you wrote is not this case’s. Nothing was erased.',
    } as Words,
  },
});
