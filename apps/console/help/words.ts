/** Words of the help. */
import { wordsOf } from '../frame/texts';

export const wordsIn = wordsOf({
  es: {
    title: 'Ayuda',
    lead: 'Cómo se hace cada tarea, paso a paso.',
    all: 'Toda la ayuda',
    missing: 'Esta página de ayuda no existe',
    missingText: 'Elija otra de la lista.',
    tour: 'Recorrido por la demostración',
  },
  en: {
    title: 'Help',
    lead: 'How each task is done, step by step.',
    all: 'All help pages',
    missing: 'There is no such help page',
    missingText: 'Choose another one from the list.',
    tour: 'Tour of the demonstration',
  },
});
