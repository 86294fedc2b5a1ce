/**
 * What is asked at a follow-up, as data. A short selection after IOM's Reintegration Sustainability Survey (Reintegration
 * Handbook, 2019, section 2.2.5, developed in the MEASURE project of 2017): its three dimensions, its answers scored from
 * 0 to 1, its score for each dimension and one over all. Twelve of its subjects, in our own words and with equal weights,
 * so scores are not comparable with IOM's own. A changed question is a new version beside the old one.
 */

/** A text in the languages of the office; the returnee's page translates by the codes. */
export interface Text {
  readonly es: string;
  readonly en: string;
}

export const DIMENSIONS = ['economic', 'social', 'psychosocial'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** One of the answers that a question offers. Without a score it says nothing about the dimension. */
export interface Choice {
  readonly code: string;
  readonly score?: number;
  readonly text: Text;
}

export interface Question {
  readonly code: string;
  readonly dimension: Dimension;
  readonly text: Text;
  readonly choices: readonly Choice[];
}

export interface Questionnaire {
  readonly version: number;
  readonly questions: readonly Question[];
}

/** The needs that a low score of a dimension points to; needs that only some may know of are none of them. */
export const NEEDS_OF: Readonly<Record<Dimension, readonly string[]>> = {
  economic: ['employment', 'skills-certification', 'entrepreneurship', 'social-programme'],
  social: [
    'identity-document',
    'health-insurance',
    'health-care',
    'school-enrolment',
    'recognition-of-studies',
    'shelter',
    'legal-advice',
  ],
  psychosocial: ['emotional-support'],
};

const UNSAID: Choice = { code: 'unsaid', text: { es: 'Prefiere no responder', en: 'Rather not say' } };

/** From the worst to the best, at equal distances from 0 to 1. */
function scale(...choices: readonly [code: string, es: string, en: string][]): Choice[] {
  const scored = choices.map(([code, es, en], i): Choice => ({
    code,
    score: i / (choices.length - 1),
    text: { es, en },
  }));
  return [...scored, UNSAID];
}

const HOW_GOOD = scale(
  ['very-bad', 'Muy mal', 'Very bad'],
  ['bad', 'Mal', 'Bad'],
  ['fair', 'Regular', 'Fair'],
  ['good', 'Bien', 'Good'],
  ['very-good', 'Muy bien', 'Very good'],
);
const HOW_OFTEN = scale(
  ['very-often', 'Muy seguido', 'Very often'],
  ['often', 'Seguido', 'Often'],
  ['sometimes', 'A veces', 'Sometimes'],
  ['rarely', 'Casi nunca', 'Rarely'],
  ['never', 'Nunca', 'Never'],
);
const YES_IS_GOOD = scale(['no', 'No', 'No'], ['partly', 'En parte', 'Partly'], ['yes', 'Sí', 'Yes']);

const ask = (
  dimension: Dimension,
  code: string,
  es: string,
  en: string,
  choices: readonly Choice[],
): Question => ({ code, dimension, text: { es, en }, choices });

const FIRST: Questionnaire = {
  version: 1,
  questions: [
    ask(
      'economic',
      'economic-situation',
      '¿Cómo le va económicamente?',
      'How are you doing economically?',
      HOW_GOOD,
    ),
    ask(
      'economic',
      'work',
      '¿Tiene trabajo o un negocio propio?',
      'Do you have work or a business of your own?',
      YES_IS_GOOD,
    ),
    ask(
      'economic',
      'less-food',
      '¿Con qué frecuencia han tenido que comer menos por falta de dinero?',
      'How often did you have to eat less for want of money?',
      HOW_OFTEN,
    ),
    ask(
      'economic',
      'debt',
      '¿Alcanzan sus ingresos para sus gastos y deudas?',
      'Does what you earn cover what you spend and owe?',
      YES_IS_GOOD,
    ),
    ask(
      'social',
      'housing',
      '¿Cómo es el lugar donde vive?',
      'What is the place like where you live?',
      HOW_GOOD,
    ),
    ask(
      'social',
      'health-access',
      '¿Puede atenderse cuando necesita salud?',
      'Can you get health care when you need it?',
      YES_IS_GOOD,
    ),
    ask(
      'social',
      'schooling',
      '¿Van a la escuela los niños y niñas de su hogar? (sin niños: prefiere no responder)',
      'Do the children of your household go to school? (no children: rather not say)',
      YES_IS_GOOD,
    ),
    ask(
      'social',
      'documents',
      '¿Tiene los documentos que necesita?',
      'Do you have the documents that you need?',
      YES_IS_GOOD,
    ),
    ask(
      'psychosocial',
      'support',
      '¿Tiene a quién acudir cuando necesita ayuda?',
      'Is there somebody to turn to when you need help?',
      YES_IS_GOOD,
    ),
    ask(
      'psychosocial',
      'belonging',
      '¿Se siente parte de su comunidad?',
      'Do you feel part of your community?',
      YES_IS_GOOD,
    ),
    ask(
      'psychosocial',
      'distress',
      '¿Con qué frecuencia se siente angustiado, triste o con miedo?',
      'How often do you feel distressed, sad or afraid?',
      HOW_OFTEN,
    ),
    ask(
      'psychosocial',
      'able-to-stay',
      '¿Siente que puede quedarse y vivir aquí?',
      'Do you feel able to stay and live here?',
      YES_IS_GOOD,
    ),
  ],
};

/** By version. */
export const QUESTIONNAIRES: ReadonlyMap<number, Questionnaire> = new Map([[FIRST.version, FIRST]]);

/** The one to ask now. */
export const CURRENT_QUESTIONNAIRE = FIRST;

/** From 0 (worst) to 1, to three digits. */
export type Scores = Readonly<Record<Dimension | 'composite', number>>;

/** What is wrong with answers: the question's code, and what it should be. Empty when they can be scored. */
export function answerErrors(
  { questions }: Questionnaire,
  answers: Readonly<Record<string, unknown>>,
): { question: string; detail: string }[] {
  const errors = Object.keys(answers)
    .filter((code) => !questions.some((question) => question.code === code))
    .map((question) => ({ question, detail: 'is no question of this questionnaire' }));
  for (const { code, choices } of questions) {
    const codes = choices.map((choice) => choice.code);
    if (codes.some((choice) => choice === answers[code])) continue;
    errors.push({ question: code, detail: `must be one of ${codes.join(', ')}` });
  }
  if (errors.length > 0) return errors;
  return DIMENSIONS.filter((dimension) => scoresOf(questions, dimension, answers).length < 2).map(
    (dimension) => ({
      question: questions.find((question) => question.dimension === dimension)!.code,
      detail: `too little was said about the ${dimension} situation: two questions at least`,
    }),
  );
}

/** The mean of what was said, for each dimension, and the mean of those. Only for answers without errors. */
export function score({ questions }: Questionnaire, answers: Readonly<Record<string, unknown>>): Scores {
  const [economic, social, psychosocial] = DIMENSIONS.map((dimension) =>
    mean(scoresOf(questions, dimension, answers)),
  ) as [number, number, number];
  const composite = mean([economic, social, psychosocial]);
  return {
    economic: rounded(economic),
    social: rounded(social),
    psychosocial: rounded(psychosocial),
    composite: rounded(composite),
  };
}

function scoresOf(
  questions: readonly Question[],
  dimension: Dimension,
  answers: Readonly<Record<string, unknown>>,
): number[] {
  return questions
    .filter((question) => question.dimension === dimension)
    .flatMap(({ code, choices }) => choices.find((choice) => choice.code === answers[code])?.score ?? []);
}

function mean(scores: readonly number[]): number {
  return scores.reduce((sum, one) => sum + one, 0) / scores.length;
}

function rounded(one: number): number {
  return Math.round(one * 1000) / 1000;
}
