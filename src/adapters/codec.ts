/** Both ways between order lines and bytes: the one file that brings the Avro library. */
export { createBodyReader } from './avroBodies.ts';
export { createMessageDecoder } from './messageDecoder.ts';
export { createOrderEncoder } from './orderEncoder.ts';
