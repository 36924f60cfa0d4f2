/** Files that a schema imports without the registry holding them, as far as they matter to who reads. */
import { common, type INamespace } from 'protobufjs';

/** Options are not read; what extends them has to find them. */
const OPTIONS = [
  'File',
  'Message',
  'Field',
  'Oneof',
  'ExtensionRange',
  'Enum',
  'EnumValue',
  'Service',
  'Method',
]
  .map((name) => `message ${name}Options { extensions 1000 to max; }`)
  .join(' ');

const proto3 = (name: string, messages: string): string => `syntax = "proto3"; package ${name}; ${messages}`;

const TEXTS: Readonly<Record<string, string>> = {
  'google/protobuf/descriptor.proto': `syntax = "proto2"; package google.protobuf; ${OPTIONS}`,
  'google/type/date.proto': proto3(
    'google.type',
    'message Date { int32 year = 1; int32 month = 2; int32 day = 3; }',
  ),
  'google/type/timeofday.proto': proto3(
    'google.type',
    'message TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; }',
  ),
  'google/type/money.proto': proto3(
    'google.type',
    'message Money { string currency_code = 1; int64 units = 2; int32 nanos = 3; }',
  ),
  'google/type/decimal.proto': proto3('google.type', 'message Decimal { string value = 1; }'),
  'google/type/latlng.proto': proto3(
    'google.type',
    'message LatLng { double latitude = 1; double longitude = 2; }',
  ),
  'confluent/type/decimal.proto': proto3(
    'confluent.type',
    'message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
  ),
  'confluent/meta.proto': proto3(
    'confluent',
    'message Meta { string doc = 1; map<string, string> params = 2; repeated string tags = 3; }',
  ),
};

/** The file's text, or what protobufjs has made of it; undefined for a file that is not known here. */
export function knownFile(name: string): string | INamespace | undefined {
  return TEXTS[name] ?? common.get(name) ?? undefined;
}
