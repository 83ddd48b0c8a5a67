import { writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * An object file for `ip link set dev … xdp`, with two instructions in its section `xdp`: return XDP_PASS. Assembled by
 * GNU as from bytes (b7 00 00 00 02 00 00 00, 95 00 …), for machine 247 (BPF): no compiler for BPF has to be there.
 */
const OBJECT =
  'H4sIAAAAAAACA6t39XFjYmRkgAFGhu8MCB4CnEBiO0BJTgYOhu1AFhMQT4XKuQf4MOADILOFGFjgfAEYoyCxuJiBQa+4MrckMQlIlxRB6AwYqyS1ooRBLyWxJJFBLwmotiKlgCEnMzk1rziVgXIgDXUbG5q4Ax5/IANFqBgzmfrVgZiDAv06BNwvQEC/AQ73B0BpFgL6GaHpAB1EIJkPAuxQtRxQvgSU5sRiNwh0QGk2AvYL4tDfB6UtCOgHAJlitlQIAwAA';

export const writeXdpProgram = (file: string): void => writeFileSync(file, gunzipSync(Buffer.from(OBJECT, 'base64')));
