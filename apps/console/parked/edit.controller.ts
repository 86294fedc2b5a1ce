import { Get, Param, Post } from '@nestjs/common';
import type { ParkedMessage } from '@retorno/messaging';
import { Allow, problem, type FieldError } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, type Refused } from '../services';
import { refusalIn } from '../frame/refusals';
import type { Language } from '../frame/texts';
import { editPage, isReason, readEdit } from './edit-page';
import { editWordsIn } from './edit-words';
import { faultIn } from './fault-words';
import { ParkedStreams } from './parked-streams';
import { editAddress, type Place } from './paths';
import { addressAfter } from './told';

/** Largest form: a message of the size that travels, written in `%`. */
const MOST_BYTES = 3_000_000;

/** What a parked message says, and putting it right. */
@ScreenAt('console/parked/:service/:id/edit')
export class EditScreenController {
  constructor(private readonly streams: ParkedStreams) {}

  @Get()
  @Allow('operations-lead')
  async form(@Visiting() visit: Visit, @Param() place: Place): Promise<string> {
    return visit.page(editPage(visit, place, await this.message(visit, place)));
  }

  @Post()
  @Allow('operations-lead')
  async edit(@Visiting() asked: Visit, @Param() place: Place): Promise<string> {
    const visit = asked.at(editAddress(place));
    const words = editWordsIn(visit.language);
    const form = await visit.form(undefined, MOST_BYTES);
    if (!form) throw problem(413, 'too-large', words.tooLarge);
    const { data = '', reason = '' } = form;
    const again = async (status: number, problems: readonly FieldError[]): Promise<string> => {
      const message = await this.message(visit, place);
      return visit.page(editPage(visit, place, message, { problems, data, reason }), status);
    };
    const read = readEdit(visit.language, data);
    const problems = [
      ...('problem' in read ? [read.problem] : []),
      ...(isReason(reason) ? [] : [{ pointer: '', detail: words.noReason }]),
    ];
    if ('problem' in read || problems.length > 0) return again(422, problems);
    const path = `/${encodeURIComponent(place.id)}/edit`;
    const answer = await this.streams.ask<{ handled: number }>(visit, place.service, path, {
      data: read.data,
      reason,
    });
    if (!isRefused(answer)) return visit.redirect(addressAfter({ did: 'edited', n: answer.handled }));
    if (answer.status === 404) return visit.redirect(addressAfter({ did: 'gone' }));
    return again(answer.status, problemsOf(visit.language, answer));
  }

  private message(visit: Visit, { service, id }: Place): Promise<ParkedMessage> {
    return this.streams.get<ParkedMessage>(visit, service, `/parked/${encodeURIComponent(id)}/message`);
  }
}

/** Why an edit was refused, in words. */
export function problemsOf(language: Language, answer: Refused): readonly FieldError[] {
  const { errors, members = {} } = answer;
  if (errors.length > 0) {
    return errors.map((error) => ({
      pointer: error.pointer.replace(/^\/data(?=\/|$)/, '') || '/',
      detail: faultIn(language, error),
    }));
  }
  const { keySeq, cause } = members;
  if (typeof keySeq !== 'number' || typeof cause !== 'string')
    return [{ pointer: '', detail: refusalIn(language, answer) }];
  return [{ pointer: '', detail: editWordsIn(language).failed(keySeq, cause) }];
}
