/** Words of editing a parked message. */
import type { ParkedMessage } from '@retorno/messaging';
import { wordsOf } from '../frame/texts';

type Reasons = Readonly<Record<NonNullable<ParkedMessage['notEditable']>, string>>;

export const editWordsIn = wordsOf({
  es: {
    title: 'Editar un mensaje detenido',
    open: 'Ver el contenido y editarlo',
    openText:
      'Si el mensaje está mal escrito y su institución no puede enviarlo bien, la jefatura puede corregirlo aquí.',
    back: 'Volver a la secuencia',
    facts: 'El mensaje',
    type: 'Tipo',
    position: 'Lugar en su orden',
    service: 'Servicio',
    cause: 'Causa',
    behind: 'Detrás esperan',
    sealed: 'Campos sellados',
    sealedText: (names: string) =>
      `Son datos personales: ${names}. No se muestran ni se pueden cambiar aquí, porque solo los abre el servicio que los necesita. Quedan como están.`,
    noneSealed: 'El mensaje no lleva datos personales.',
    unknown: (n: number) =>
      n === 1
        ? 'Lleva 1 campo que este servicio no conoce: no se muestra y queda como está.'
        : `Lleva ${n} campos que este servicio no conoce: no se muestran y quedan como están.`,
    data: 'Contenido (JSON)',
    dataText:
      'Al guardar se comprueba contra el formato acordado. Después se procesan el mensaje y todo lo que espera detrás, en su orden y como una sola operación: si algo falla, nada cambia. El cambio vale solo para este servicio; quien escribió el mensaje conserva el suyo. El original queda guardado con su nombre y el motivo.',
    reason: 'Motivo',
    save: 'Guardar y procesar todo',
    wrong: 'Así no se puede guardar. Nada cambió; lo que escribió sigue abajo.',
    misfit: 'El formato acordado señala en el mensaje tal como está:',
    whole: '(todo)',
    noReason: 'Escriba el motivo, en 500 letras como máximo.',
    noJson: 'No es JSON válido.',
    noJsonAt: (line: number) => `No es JSON válido: revise la línea ${line}.`,
    noObject: 'El contenido debe ser un objeto: empieza con { y termina con }.',
    failed: (place: number, cause: string) =>
      `Nada cambió: el mensaje ${place} de la secuencia no se pudo procesar. Causa: ${cause}`,
    tooLarge: 'El formulario no llegó completo: es demasiado grande.',
    edits: 'Lo que ya se editó en esta secuencia',
    editor: 'Quién',
    when: 'Cuándo',
    edited: (n: number) =>
      n === 1 ? 'Se guardó y se procesó 1 mensaje.' : `Se guardó y se procesaron ${n} mensajes.`,
    notEditable: {
      outside:
        'No se puede editar: está fuera de todo orden, porque su sobre o su remitente es falso. Solo se puede dejar fuera.',
      'unknown-type':
        'No se puede editar ni mostrar: este servicio no conoce su tipo, y nadie puede saber qué es personal en él.',
      'not-an-object': 'No se puede editar ni mostrar: lo que dice no está hecho de campos con nombre.',
      erased:
        'No se puede editar: los datos de la persona se borraron. Procéselo de nuevo y se pasará por alto.',
      'too-many-behind':
        'No se puede editar: detrás esperan más de 1000 mensajes, demasiados para una sola operación.',
    } satisfies Reasons,
  },
  en: {
    title: 'Edit a parked message',
    open: 'See what it says, and edit it',
    openText:
      'Where the message was written wrongly and its agency cannot send it right, a lead mends it here.',
    back: 'Back to the sequence',
    facts: 'The message',
    type: 'Type',
    position: 'Place in its order',
    service: 'Service',
    cause: 'Cause',
    behind: 'Wait behind it',
    sealed: 'Sealed fields',
    sealedText: (names: string) =>
      `They are personal: ${names}. They are not shown and cannot be changed here, since only the service that needs them opens them. They stay as they are.`,
    noneSealed: 'The message carries nothing personal.',
    unknown: (n: number) =>
      n === 1
        ? 'It has 1 field that this service does not know: not shown, and left as it is.'
        : `It has ${n} fields that this service does not know: not shown, and left as they are.`,
    data: 'What it says (JSON)',
    dataText:
      'It is checked against the contract. Then the message and everything behind it are handled, in order and as one transaction: if anything fails, nothing changes. The change is for this service alone; who wrote the message keeps theirs. The original is kept with your name and the reason.',
    reason: 'Reason',
    save: 'Save and handle all of it',
    wrong: 'It cannot be saved like this. Nothing has changed; what you wrote is below.',
    misfit: 'The contract finds in the message as it is:',
    whole: '(the whole)',
    noReason: 'Give the reason, in 500 characters at most.',
    noJson: 'This is no valid JSON.',
    noJsonAt: (line: number) => `This is no valid JSON: look at line ${line}.`,
    noObject: 'It must be an object: it begins with { and ends with }.',
    failed: (place: number, cause: string) =>
      `Nothing has changed: message ${place} of the sequence could not be handled. Cause: ${cause}`,
    tooLarge: 'The form did not arrive whole: it is too large.',
    edits: 'What was edited in this sequence before',
    editor: 'Who',
    when: 'When',
    edited: (n: number) =>
      n === 1 ? 'Saved, and 1 message was handled.' : `Saved, and ${n} messages were handled.`,
    notEditable: {
      outside:
        'It cannot be edited: it stands outside every order, since its envelope or sender is false. It can only be left out.',
      'unknown-type':
        'It cannot be edited or shown: this service does not know its type, so nobody can say what in it is personal.',
      'not-an-object': 'It cannot be edited or shown: what it says is not made of named fields.',
      erased: 'It cannot be edited: the person’s data were erased. Handle it again, and it is passed over.',
      'too-many-behind':
        'It cannot be edited: more than 1,000 messages wait behind it, too many for one transaction.',
    } satisfies Reasons,
  },
});
