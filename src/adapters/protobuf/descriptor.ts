/** Schemas that clients registered as a compiled file, in base64, where others register text (Python's does). */
import { Enum, Field, Type, type NamespaceBase, type Root } from 'protobufjs';
import {
  FileDescriptorProto,
  type IDescriptorProto,
  type IFileDescriptorProto,
} from 'protobufjs/ext/descriptor.js';

/** A text of Protobuf has blanks, or at least a semicolon. */
const BASE64 = /^[A-Za-z0-9+/]+=*$/;

/** A compiled file; undefined for a text. Throws an Error when the bytes are no such file. */
export function fileDescriptor(schema: string): IFileDescriptorProto | undefined {
  if (!BASE64.test(schema.trim())) return undefined;
  return FileDescriptorProto.decode(Buffer.from(schema, 'base64')) as IFileDescriptorProto;
}

/** Adds a compiled file to others. Throws an Error for a syntax that cannot be read. */
export function addDescriptor(file: IFileDescriptorProto, root: Root): void {
  const { syntax, package: packageName, messageType = [], enumType = [], extension = [] } = file;
  const edition = syntax ? syntax : 'proto2';
  if (edition !== 'proto2' && edition !== 'proto3') throw new Error(`syntax "${edition}"`);
  const context = { edition, keepCase: true };
  const place: NamespaceBase = packageName ? root.define(packageName) : root;
  for (const one of messageType) place.add(Type.fromDescriptor(one, context));
  for (const one of enumType) place.add(Enum.fromDescriptor(one));
  for (const one of extension) place.add(Field.fromDescriptor(one, context));
}

/** Indented JSON, as a person can read it. */
export function descriptorText(schema: string): string | undefined {
  if (!BASE64.test(schema.trim())) return undefined;
  const file = FileDescriptorProto.decode(Buffer.from(schema, 'base64'));
  return JSON.stringify(FileDescriptorProto.toObject(file, { enums: String, longs: String }), null, 2);
}

/**
 * The full name of the message at a place. Who compiles counts all messages of the file, also those that stand for
 * groups and for the entries of maps.
 */
export function descriptorName(
  { package: packageName, messageType = [] }: IFileDescriptorProto,
  indexes: readonly number[],
): string | undefined {
  const names = packageName ? [packageName] : [];
  let messages: readonly IDescriptorProto[] = messageType;
  for (const index of indexes) {
    const message = messages[index];
    if (message?.name === undefined) return undefined;
    names.push(message.name);
    messages = message.nestedType ?? [];
  }
  return names.join('.');
}
