import assert from 'node:assert/strict';
import { sparkReason } from '../../../../src/adapters/sql/reason.ts';

describe("Spark's reasons", () => {
  it('drops exception names, the plan and the stack, and keeps the place', () => {
    const text =
      'org.apache.hive.service.cli.HiveSQLException: Error running query: [UNRESOLVED_COLUMN.WITH_SUGGESTION] ' +
      'org.apache.spark.sql.AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `nope` cannot be ' +
      "resolved. Did you mean [`id`]. SQLSTATE: 42703; line 1 pos 7;\n'Project ['nope]\n+- Range (0, 3)\n" +
      '\tat org.apache.spark.sql.errors.QueryExecutionErrors$.foo(Foo.scala:1)';
    assert.equal(
      sparkReason(text),
      '[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `nope` cannot be resolved. Did you mean [`id`]. (line 1 pos 7)',
    );
  });

  it('leaves a text that it does not know as it is, in one line', () => {
    assert.equal(sparkReason('java.lang.IllegalStateException: something\n  broke'), 'something broke');
  });
});
