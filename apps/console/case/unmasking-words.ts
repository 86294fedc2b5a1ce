/** Words of the page that shows what is restricted in a case. */
import { wordsOf } from '../frame/texts';

export const unmaskingWordsIn = wordsOf({
  es: {
    title: 'Ver lo restringido',
    audit: 'Quién vio y qué hizo en este caso',
    warning:
      'Se mostrará lo que el caso oculta: violencia, trata, niñez sola y salud. Quedará anotado quién lo vio, cuándo y por qué, y lo pueden leer la jefatura y auditoría.',
    reason: '¿Por qué necesita verlo?',
    hint: 'Al menos 10 letras. No escriba nombres, documentos ni otros datos de la persona: el motivo queda guardado.',
    wrong: 'Escriba el motivo, con al menos 10 letras y no más de 500.',
    refused:
      'No se pudo mostrar: la vista debe quedar anotada y ahora no es posible. Intente de nuevo en un momento.',
    show: 'Mostrar y anotar',
    back: 'Volver al caso',
    recorded: (until: string) =>
      `Quedó anotado que usted vio esto. El caso también se lo muestra, solo a usted, hasta el ${until}; después hay que pedirlo de nuevo.`,
    shownUntil: (until: string) =>
      `Usted pidió ver lo restringido de este caso: se le muestra hasta el ${until}. A las demás personas no.`,
    noted: 'Lo que se anotó de la persona',
    needs: 'Necesidades',
    referrals: 'Derivaciones',
    agency: 'Institución',
    service: 'Servicio',
    none: 'Nada restringido.',
  },
  en: {
    title: 'See what is restricted',
    audit: 'Who saw and did what in this case',
    warning:
      'What the case hides will be shown: violence, trafficking, children alone and health. Who saw it, when and why is written down, and leads and auditors can read it.',
    reason: 'Why do you need to see it?',
    hint: 'At least 10 letters. Write no names, documents or other data of the person: the reason is kept.',
    wrong: 'Write the reason, with at least 10 letters and at most 500.',
    refused:
      'It could not be shown: it must be written down first, and cannot be now. Try again in a moment.',
    show: 'Show and write down',
    back: 'Back to the case',
    recorded: (until: string) =>
      `It is written down that you saw this. The case shows it as well, to you alone, until ${until}; after that it has to be asked for again.`,
    shownUntil: (until: string) =>
      `You asked to see what is restricted in this case: it is shown to you until ${until}. Not to others.`,
    noted: 'What was noted of the person',
    needs: 'Needs',
    referrals: 'Referrals',
    agency: 'Agency',
    service: 'Service',
    none: 'Nothing restricted.',
  },
});
