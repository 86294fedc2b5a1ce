/** Words of the machine-readable zone on the form for one returnee. */
import { wordsOf } from '../frame/texts';
import type { MrzPart } from './mrz';

type Parts = Readonly<Record<MrzPart, string>>;

const PARTS_ES: Parts = {
  document: 'el tipo de documento',
  documentNumber: 'el número del documento',
  birthDate: 'la fecha de nacimiento',
  expirationDate: 'la fecha de vencimiento',
  sex: 'el sexo',
  nationality: 'la nacionalidad',
  issuingState: 'el país que lo emitió',
  name: 'los nombres',
  optional: 'los datos opcionales',
  all: 'todo el documento',
};

const PARTS_EN: Parts = {
  document: 'the kind of document',
  documentNumber: 'the number of the document',
  birthDate: 'the date of birth',
  expirationDate: 'the date of expiry',
  sex: 'the sex',
  nationality: 'the nationality',
  issuingState: 'the country that issued it',
  name: 'the names',
  optional: 'the optional data',
  all: 'the whole document',
};

export const mrzWordsIn = wordsOf({
  es: {
    legend: 'Zona de lectura mecánica del documento',
    label: 'Las líneas al pie del pasaporte (dos) o del DNI (tres), como están impresas',
    hint: 'Llena los campos de la persona para que usted los confirme; no registra nada. No cambia lo que ya escribió.',
    read: 'Leer la zona',
    filled: (fields: string) =>
      `Se llenó con lo que dice la zona: ${fields}. Compárelo con el documento antes de registrar.`,
    nothing: 'La zona es correcta y dice lo mismo que el formulario.',
    names:
      'La zona no tiene tildes ni ñ, y puede cortar un nombre largo: corríjalos como están en el documento.',
    otherDocument:
      'La zona es correcta, pero no es de un pasaporte ni de un DNI: elija el documento y escriba su número.',
    expires: (date: string) => `El documento vence el ${date}.`,
    expired: (date: string) => `El documento venció el ${date}.`,
    wrong: 'La zona no se pudo leer; no se llenó nada. Revise:',
    differs: (value: string) =>
      `La zona dice «${value}». Se dejó lo que estaba escrito: corríjalo si no es así.`,
    differ:
      'La zona y el formulario no dicen lo mismo. Revise los campos señalados; si lo escrito es correcto, registre de nuevo.',
    lines: 'Deben ser dos líneas (pasaporte) o tres (DNI), cada una en su renglón.',
    length: (line: number, found: number, expected: number) =>
      `Línea ${line}: tiene ${found} caracteres y deben ser ${expected}, contando cada «<».`,
    characters: (line: number, place: number) =>
      `Línea ${line}, posición ${place}: solo letras sin tilde, cifras y «<».`,
    digit: (part: MrzPart, line: number, place: number) =>
      `Línea ${line}, posición ${place}: el dígito de control no corresponde a esta parte: ${PARTS_ES[part]}. Compárela letra por letra (0 y O, 1 e I, 5 y S, 8 y B).`,
    unreadable: (part: MrzPart, line: number, place: number) =>
      `Línea ${line}, desde la posición ${place}: ${PARTS_ES[part]} no puede ser así.`,
  },
  en: {
    legend: 'Machine-readable zone of the document',
    label: 'The lines at the foot of the passport (two) or the DNI (three), as they are printed',
    hint: 'It fills in who the person is, for you to confirm; it registers nothing. What you wrote stays.',
    read: 'Read the zone',
    filled: (fields: string) =>
      `Filled in from the zone: ${fields}. Compare with the document before you register.`,
    nothing: 'The zone is correct and says the same as the form.',
    names:
      'The zone has no accents and no ñ, and may cut a long name short: write them as the document has them.',
    otherDocument:
      'The zone is correct, but of neither a passport nor a DNI: choose the document and write its number.',
    expires: (date: string) => `The document expires on ${date}.`,
    expired: (date: string) => `The document expired on ${date}.`,
    wrong: 'The zone could not be read; nothing was filled in. Look at:',
    differs: (value: string) =>
      `The zone says “${value}”. What was written stayed: correct it if it is wrong.`,
    differ:
      'The zone and the form do not say the same. Look at the fields that are marked; if what is written is right, register again.',
    lines: 'There must be two lines (passport) or three (DNI), each on a line of its own.',
    length: (line: number, found: number, expected: number) =>
      `Line ${line} has ${found} characters and must have ${expected}, every “<” counted.`,
    characters: (line: number, place: number) =>
      `Line ${line}, place ${place}: only letters without accents, digits and “<”.`,
    digit: (part: MrzPart, line: number, place: number) =>
      `Line ${line}, place ${place}: the check digit does not fit ${PARTS_EN[part]}. Compare that part letter by letter (0 and O, 1 and I, 5 and S, 8 and B).`,
    unreadable: (part: MrzPart, line: number, place: number) =>
      `Line ${line}, from place ${place}: ${PARTS_EN[part]} cannot be like this.`,
  },
});
