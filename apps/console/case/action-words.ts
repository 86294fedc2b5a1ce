/** Words of the actions about a case: what each is called and does, its fields, and why a service may refuse it. */
import { wordsOf } from '../frame/texts';
import type { Action, FieldName } from './actions';

interface ActionWords {
  readonly action: Record<Action, { readonly name: string; readonly does: string }>;
  readonly field: Record<FieldName, string>;
  readonly wrong: Record<FieldName, string>;
  readonly choice: Readonly<Record<string, string>>;
  readonly optional: string;
  readonly nextProvider: string;
  readonly send: string;
  readonly back: string;
  readonly refused: string;
  /** By the code of the refusal. */
  readonly refusals: Readonly<Record<string, string>>;
  readonly over: string;
}

export const actionWordsIn = wordsOf<ActionWords>({
  es: {
    action: {
      remind: { name: 'Recordar', does: 'La institución recibe ahora un recordatorio.' },
      reroute: {
        name: 'Reenviar',
        does: 'Se pide a la institución que lo deje, y la derivación va a otra que ofrezca lo mismo.',
      },
      waive: { name: 'Dispensar', does: 'La derivación sale sin esperar los pasos previos que faltan.' },
      cancel: {
        name: 'Cancelar',
        does: 'Se pide a la institución que se detenga. La necesidad no se atiende.',
      },
      information: { name: 'Dar información', does: 'La institución recibe la respuesta a lo que preguntó.' },
      confirmation: {
        name: 'Registrar la palabra de la persona',
        does: 'Anota si la persona dice que lo recibió o que no.',
      },
      correction: {
        name: 'Corregir la respuesta',
        does: 'La respuesta equivocada queda en la historia, y la institución conoce el motivo.',
      },
      'add-need': { name: 'Agregar necesidad', does: 'La necesidad se agrega y se planifica.' },
      'settle-need': {
        name: 'Cerrar necesidad',
        does: 'La necesidad se cierra por decisión, y se detiene lo que solo servía para ella.',
      },
      close: { name: 'Cerrar el caso', does: 'Se pide a todas las instituciones que se detengan.' },
      reopen: { name: 'Abrir de nuevo', does: 'Lo que no se atendió se planifica otra vez.' },
    },
    field: {
      need: 'Necesidad',
      code: 'Causa',
      as: 'Cómo queda',
      agency: 'Institución',
      outcome: 'Qué dice la persona',
      by: 'Quién lo dijo',
      channel: 'Por qué medio',
      status: 'Respuesta correcta',
      result: 'Resultado (un código, como «verified»)',
      reason: 'Motivo',
      information: 'Respuesta para la institución',
    },
    wrong: {
      need: 'Elija una necesidad de la lista.',
      code: 'Elija una causa de la lista.',
      as: 'Elija cómo queda la necesidad.',
      agency: 'Elija una institución de la lista.',
      outcome: 'Elija qué dice la persona.',
      by: 'Escriba quién lo dijo, en 100 letras como máximo.',
      channel: 'Elija el medio.',
      status: 'Elija la respuesta correcta.',
      result: 'Escriba un código de 100 letras como máximo.',
      reason: 'Escriba el motivo, en 500 letras como máximo.',
      information: 'Escriba la respuesta, en 2000 letras como máximo.',
    },
    choice: {
      confirmed: 'Sí lo recibió',
      disputed: 'No lo recibió',
      telephone: 'Teléfono',
      visit: 'Visita',
      office: 'En la oficina',
      message: 'Mensaje',
      relative: 'Por un familiar',
    },
    optional: 'puede quedar vacío',
    nextProvider: 'La siguiente que corresponda',
    send: 'Confirmar',
    back: 'Volver al caso',
    refused: 'No se hizo:',
    refusals: {
      'invalid-fields': 'Falta algo o algo no es válido. Revise los campos marcados.',
      'case-not-ended': 'El caso ya está abierto.',
    },
    over: 'Esto ya no se puede hacer: el caso cambió. Vuelva al caso para ver cómo está.',
  },
  en: {
    action: {
      remind: { name: 'Remind', does: 'The agency gets a reminder now.' },
      reroute: {
        name: 'Reroute',
        does: 'The agency is asked to let go, and the referral goes to another one that offers the same.',
      },
      waive: { name: 'Waive', does: 'The referral goes out without waiting for the steps before it.' },
      cancel: { name: 'Cancel', does: 'The agency is asked to stop. The need is not served.' },
      information: { name: 'Supply information', does: 'The agency gets the answer to what it asked.' },
      confirmation: {
        name: "Record the person's word",
        does: 'Notes whether the person says it was delivered or not.',
      },
      correction: {
        name: 'Correct the answer',
        does: 'The wrong answer stays in the timeline, and the agency is told the reason.',
      },
      'add-need': { name: 'Add a need', does: 'The need is added and planned.' },
      'settle-need': {
        name: 'Settle a need',
        does: 'The need is settled by decision, and what served it alone is stopped.',
      },
      close: { name: 'Close the case', does: 'Every agency is asked to stop.' },
      reopen: { name: 'Reopen', does: 'What was not met is planned again.' },
    },
    field: {
      need: 'Need',
      code: 'Cause',
      as: 'How it is settled',
      agency: 'Agency',
      outcome: 'What the person says',
      by: 'Who said so',
      channel: 'How it was heard',
      status: 'The right answer',
      result: 'Result (a code, such as “verified”)',
      reason: 'Reason',
      information: 'Answer for the agency',
    },
    wrong: {
      need: 'Choose a need of the list.',
      code: 'Choose a cause of the list.',
      as: 'Choose how the need is settled.',
      agency: 'Choose an agency of the list.',
      outcome: 'Choose what the person says.',
      by: 'Write who said so, in 100 characters at most.',
      channel: 'Choose how it was heard.',
      status: 'Choose the right answer.',
      result: 'Write a code of 100 characters at most.',
      reason: 'Write the reason, in 500 characters at most.',
      information: 'Write the answer, in 2000 characters at most.',
    },
    choice: {
      confirmed: 'It was delivered',
      disputed: 'It was not delivered',
      telephone: 'Telephone',
      visit: 'Visit',
      office: 'At the office',
      message: 'Message',
      relative: 'Through a relative',
    },
    optional: 'may be left out',
    nextProvider: 'The next one in order',
    send: 'Confirm',
    back: 'Back to the case',
    refused: 'It was not done:',
    refusals: {
      'invalid-fields': 'Something is missing or wrong. See the marked fields.',
    },
    over: 'This cannot be done any more: the case has changed. Go back to it to see how it stands.',
  },
});
