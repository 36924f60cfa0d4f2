/** The one file that brings the Protobuf library. */
export { createProtobufReader } from './protobuf/reader.ts';
export { createProtobufWriter } from './protobuf/writer.ts';
