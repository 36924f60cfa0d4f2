/** The one file that brings the Protobuf library. */
export { createProtobufReader } from './protobuf/reader.ts';
export { createProtobufTrials } from './protobuf/trial.ts';
export { createProtobufWriter } from './protobuf/writer.ts';
