import { html, type Html } from '@retorno/service';

/** A field for a text of several lines: a reason, a note. */
export interface TextField {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  /** What was typed before it was refused. */
  readonly value?: string | undefined;
  /** Longest and shortest text, characters. */
  readonly most: number;
  readonly least?: number;
  readonly rows?: number;
  readonly isRequired?: boolean;
  /** Ids of what tells more about it: always, and of what is wrong with it, if it is. */
  readonly describedBy?: string | undefined;
  readonly wrongBy?: string | undefined;
  /** Stands below it and tells more about it. */
  readonly hint?: string;
}

/** The field with its label, as a paragraph of a form. */
export function textPart(field: TextField): Html {
  const { id, name, label, value = '', most, least, rows = 3, isRequired = false, wrongBy, hint } = field;
  const about = [field.describedBy, hint && `${id}-hint`, wrongBy].filter(Boolean).join(' ');
  const state = html`${least !== undefined && html`minlength="${least}"`} ${isRequired && html`required`}
  ${wrongBy !== undefined && html`aria-invalid="true"`} ${about && html`aria-describedby="${about}"`}`;
  // A line break right after the tag is the browser's, not the text's (HTML Standard, textarea).
  return html`<p>
    <label for="${id}">${label}</label>
    <textarea id="${id}" name="${name}" rows="${rows}" maxlength="${most}" ${state}>${value}</textarea>
    ${hint !== undefined && html`<span id="${id}-hint">${hint}</span>`}
  </p>`;
}
