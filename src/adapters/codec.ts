/** Both ways between documents and bytes: the one file that brings the Avro library. */
export { createBodyReader } from './avroBodies.ts';
export { createMessageDecoder } from './messageDecoder.ts';
export { createMessageEncoder } from './messageEncoder.ts';
export { createOrderEncoder } from './orderEncoder.ts';
