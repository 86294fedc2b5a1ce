/**
 * Why something was refused, in the language of the page. The services say it in English, for whoever programs against
 * them: an English page shows their sentence; a Spanish one has its own for each code. Pure.
 */
import type { ProblemError } from '@retorno/service';
import type { Language } from './texts';

/** By the code that ends a problem's type. A screen that knows more of what was asked has its own words before these. */
export const REFUSALS_ES: Readonly<Record<string, string>> = {
  'agency-not-found': 'Ninguna institución tiene ese nombre.',
  arrived: 'La persona ya llegó: esto solo se puede antes de la llegada.',
  'bad-answers': 'Las respuestas no corresponden al cuestionario: revise cuáles faltan.',
  'bad-bucket': 'Esa parte de los registros no existe.',
  'bad-correction': 'Indique cómo debe quedar; un rechazo necesita su causa.',
  'bad-cursor': 'La dirección de esta página de la lista no es válida. Vuelva al comienzo de la lista.',
  'bad-form': 'No se pudo leer el formulario. Retroceda y envíelo otra vez.',
  'bad-idempotency-key': 'El formulario no es válido. Recargue la página y envíelo otra vez.',
  'bad-limit': 'La lista no puede tener ese largo.',
  'bad-need': 'Esa necesidad no se puede agregar a este caso.',
  'bad-period': 'El primer año no debe ser posterior al último.',
  'bad-request': 'No se pudo leer lo que se envió, o es demasiado grande.',
  'bad-survivor': 'El caso que sigue debe ser uno de los dos.',
  'bad-text': 'El texto tiene un carácter que no se puede guardar. Escríbalo otra vez.',
  'bad-version': 'El cuestionario cambió. Recargue la página y llénelo otra vez.',
  'cancellation-pending': 'Ya se había pedido cancelarla.',
  'case-closed': 'El caso está cerrado.',
  'case-merged': 'El caso se unió a otro: siga en aquel.',
  'case-not-ended': 'El caso no ha terminado.',
  'case-not-found': 'No hay ningún caso con ese número.',
  'case-not-open': 'El caso no está abierto.',
  'case-open': 'El caso sigue abierto: ciérrelo primero.',
  'changed-meanwhile': 'Uno de los casos cambió entretanto. Vea lo que pasaría ahora y decida otra vez.',
  'claimed-by-another': 'Otra persona ya tomó esta alerta. Puede tomarla de quien la tiene.',
  'connection-lost':
    'Se perdió la conexión con un servicio. Vea si quedó hecho antes de intentarlo otra vez.',
  'empty-manifest': 'El archivo está vacío.',
  erased: 'Los datos de la persona se borraron: no se puede hacer nada más.',
  'escalation-not-found': 'No hay ninguna alerta abierta con esa dirección.',
  'escalation-resolved': 'Esta alerta ya está resuelta.',
  'follow-up-not-due': 'Todavía no toca ese seguimiento.',
  'follow-up-over': 'El plazo de ese seguimiento ya pasó.',
  'follow-up-recorded': 'Ese seguimiento ya está registrado.',
  forbidden: 'Su rol no puede hacer esto.',
  'foreign-form': 'Este formulario no se envió desde una página de Retorno.',
  'form-unreadable': 'No se pudo leer el formulario. Retroceda y envíelo otra vez.',
  'idempotency-key-reuse': 'Este formulario ya se había enviado con otros datos. Recargue la página.',
  'impossible-transition': 'Eso ya no se puede: la derivación cambió. Recargue la página para ver cómo está.',
  internal: 'Algo falló de nuestro lado. Puede intentarlo otra vez.',
  'invalid-answer': 'Falta algún dato de la respuesta, o no es válido.',
  'invalid-fields': 'Falta algún dato, o no es válido. Revise lo que escribió.',
  'issuer-away': 'El servicio de entrada no contesta. Intente de nuevo en un momento.',
  'legal-hold': 'Los datos están retenidos por una obligación legal: no se pueden borrar.',
  'link-not-found': 'No hay ningún enlace con esa dirección.',
  'lost-case-not-found': 'No hay ningún caso perdido con ese número.',
  'manifest-too-large': 'El archivo es demasiado grande: divídalo en varios, cada uno con su encabezado.',
  'need-open': 'El caso ya tiene esa necesidad y está abierta.',
  'need-settled': 'La necesidad ya está cerrada.',
  'no-consent': 'Falta el consentimiento de la persona.',
  'no-provider': 'Ninguna otra institución ofrece este servicio a esta persona.',
  'not-claimed-by-you': 'Solo puede entregar lo que usted había tomado.',
  'not-confirmable': 'No hay nada de esta derivación que la persona pueda confirmar ahora.',
  'not-editable': 'Este mensaje no se puede editar.',
  'not-final': 'Solo se corrige una respuesta final.',
  'not-found': 'No hay nada en esta dirección. Puede que ya se haya resuelto.',
  'not-recorded':
    'Esto se anota antes de hacerse, y ahora no se puede anotar. Intente de nuevo en un momento.',
  'not-reroutable': 'Como está ahora, la derivación no se puede reenviar.',
  'not-sent': 'La derivación no está enviada: ninguna institución debe una respuesta.',
  'not-suspected': 'Nadie sospecha que estos dos casos sean de la misma persona.',
  'not-yours': 'Lo revisa otra persona, o nadie. Tómelo primero.',
  'nothing-asked': 'La institución no ha pedido información.',
  'nothing-named': 'El formulario no nombra ningún mensaje: retroceda y elija uno.',
  'nothing-to-correct': 'La respuesta ya dice eso: no hay nada que corregir.',
  'nothing-to-redrive': 'No queda nada detenido por esta causa, o ya está en otro reintento.',
  'nothing-to-waive': 'La derivación no espera ningún paso previo.',
  'office-not-found': 'La institución no tiene esa sede.',
  refused: 'No se pudo hacer.',
  'referral-ended': 'La derivación ya terminó.',
  'referral-not-found': 'No hay ninguna derivación con esa dirección en su institución.',
  'refused-rows-over': 'Las filas rechazadas ya no se guardan: corrija el archivo original.',
  restoring: 'El servicio se está recuperando de una copia. Intente de nuevo en unos minutos.',
  'restricted-agency':
    'Los casos de esa institución no se listan por separado: elija «restringido» para verlos con los de otras.',
  'same-case': 'Es el mismo caso: elija otro.',
  'sequence-failed': 'No se cambió nada: un mensaje de la secuencia no se pudo procesar.',
  starting: 'Los servicios están arrancando. Intente de nuevo en un momento.',
  stopping: 'El servicio se está deteniendo. Intente de nuevo en un momento.',
  superseded: 'Un intento posterior tomó su lugar.',
  'too-large': 'Lo que se envió es demasiado grande.',
  'too-deep': 'No se pudo leer lo que se envió.',
  'too-many-requests': 'Pidió demasiado en poco tiempo. Espere unos segundos y vuelva a intentarlo.',
  unavailable: 'Un servicio no contesta. Intente de nuevo en un momento.',
  'unknown-action': 'Esa acción no existe.',
  'unknown-caller': 'Su sesión terminó. Entre otra vez.',
  'unknown-case': 'No hay ningún caso con ese número.',
  'unknown-dimension': 'Ese cruce no existe. Elija dos criterios distintos.',
  'unknown-escalation': 'El caso no tiene esa alerta.',
  'unknown-follow-up': 'Ese seguimiento no existe.',
  'unknown-need': 'El caso no tiene esa necesidad.',
  'unknown-referral': 'El caso no tiene esa derivación.',
  'unsupported-media-type': 'El archivo no es de un tipo que se pueda leer: debe ser CSV en UTF-8.',
  'wrong-agency': 'Esa institución no tiene esta derivación.',
};

/** What a Spanish page says of a refusal, or of a field, that nobody has put into words: never another language. */
const REFUSED_ES = 'No se pudo hacer. Revise lo que pidió e intente otra vez.';
const WRONG_FIELD_ES = 'Falta, o no es válido.';

/** Why something was refused. `detail`: the service's own sentence. */
export function refusalIn(
  language: Language,
  { refused, detail }: { refused: string; detail: string },
): string {
  return language === 'en' ? detail : (REFUSALS_ES[refused] ?? REFUSED_ES);
}

/** The same of a problem. */
export function problemIn(language: Language, { body: { type, detail } }: ProblemError): string {
  return refusalIn(language, { refused: type.split(':').at(-1)!, detail });
}

/** What is wrong with a field for which a screen has no words. */
export function wrongFieldIn(language: Language, { detail }: { detail: string }): string {
  return language === 'en' ? detail : WRONG_FIELD_ES;
}
