/** Peru's departments by INEI code, each with its tile: column and row of a grid in which neighbours stay near each other. */
export interface Department {
  readonly name: string;
  readonly short: string;
  readonly column: number;
  readonly row: number;
}

const at = (name: string, short: string, column: number, row: number): Department => ({
  name,
  short,
  column,
  row,
});

export const DEPARTMENTS: ReadonlyMap<string, Department> = new Map([
  ['01', at('Amazonas', 'AMA', 2, 0)],
  ['02', at('Áncash', 'ÁNC', 1, 3)],
  ['03', at('Apurímac', 'APU', 3, 5)],
  ['04', at('Arequipa', 'ARE', 2, 6)],
  ['05', at('Ayacucho', 'AYA', 2, 5)],
  ['06', at('Cajamarca', 'CAJ', 1, 1)],
  ['07', at('Callao', 'CAL', 0, 4)],
  ['08', at('Cusco', 'CUS', 3, 4)],
  ['09', at('Huancavelica', 'HVC', 1, 5)],
  ['10', at('Huánuco', 'HUÁ', 2, 2)],
  ['11', at('Ica', 'ICA', 0, 5)],
  ['12', at('Junín', 'JUN', 2, 4)],
  ['13', at('La Libertad', 'LIB', 1, 2)],
  ['14', at('Lambayeque', 'LAM', 0, 2)],
  ['15', at('Lima', 'LIM', 1, 4)],
  ['16', at('Loreto', 'LOR', 3, 0)],
  ['17', at('Madre de Dios', 'MDD', 4, 4)],
  ['18', at('Moquegua', 'MOQ', 3, 6)],
  ['19', at('Pasco', 'PAS', 2, 3)],
  ['20', at('Piura', 'PIU', 0, 1)],
  ['21', at('Puno', 'PUN', 4, 5)],
  ['22', at('San Martín', 'SAM', 2, 1)],
  ['23', at('Tacna', 'TAC', 4, 6)],
  ['24', at('Tumbes', 'TUM', 0, 0)],
  ['25', at('Ucayali', 'UCA', 3, 2)],
]);
