/** What operations, or whoever asks the returnee, can tell of a follow-up. */
import { Refusal, type Decision } from '../decision';
import { isFollowed, wavesOf, type Wave } from '../follow-up';
import { said, type CommandOf } from './guards';
import { answerErrors, QUESTIONNAIRES, score } from '../questionnaire';

/** Somebody was heard, could not be reached, or would not say. */
export function recordFollowUp(d: Decision, input: CommandOf<'record-follow-up'>): void {
  const { month, version, outcome, answers, channel } = input;
  const wave = openWave(d, month);
  if (wave.recorded && wave.recorded.outcome !== 'unreachable') {
    throw new Refusal('follow-up-recorded', 'This follow-up was recorded already.', []);
  }
  const questionnaire = QUESTIONNAIRES.get(version);
  if (!questionnaire) {
    throw new Refusal(
      'bad-version',
      'There is no such questionnaire.',
      [...QUESTIONNAIRES.keys()].map(String),
    );
  }
  if ((outcome === 'answered') !== (answers !== undefined)) {
    throw new Refusal('bad-answers', 'answers belong to outcome answered, and to no other.', []);
  }
  const errors = answers ? answerErrors(questionnaire, answers) : [];
  if (errors.length > 0) {
    const detail = errors.map((error) => `${error.question} ${error.detail}`).join('; ');
    throw new Refusal('bad-answers', `answers: ${detail}.`);
  }
  const scores = answers ? { scores: score(questionnaire, answers) } : {};
  const restricted = { ...(channel ? { channel } : {}), ...(answers ? { answers } : {}) };
  d.emit('follow-up-recorded', { month, version, outcome, ...scores }, said(input, restricted));
}

function openWave(d: Decision, month: number): Wave {
  const { rules, now } = d.env;
  const waves = wavesOf(d.state, rules);
  const wave = waves.find((one) => one.month === month);
  if (!rules.followUp.months.includes(month)) {
    throw new Refusal(
      'unknown-follow-up',
      `There are follow-ups after ${rules.followUp.months.join(', ')} months.`,
    );
  }
  if (d.state.status === 'closed' || d.state.status === 'closing') {
    throw new Refusal('case-closed', 'A case that was closed early is not followed up.', ['reopen']);
  }
  if (!isFollowed(d.state, rules, now)) {
    throw new Refusal('no-consent', 'There is no consent to be followed up.', []);
  }
  if (!wave || now < wave.from) {
    const from = wave ? `: it begins on ${wave.from.toISOString()}` : ' before the arrival';
    throw new Refusal('follow-up-not-due', `This follow-up is not due yet${from}.`, []);
  }
  if (wave.closes && now >= wave.closes) {
    throw new Refusal('follow-up-over', 'The next follow-up has begun.', []);
  }
  return wave;
}
