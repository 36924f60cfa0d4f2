/** Findings of the parity check for people, as compilers tell them: places from 1. */
import { t } from '../l10n.ts';
import type { Finding } from './finding.ts';

export function findingText({ file, range, severity, message, hint, code }: Finding): string {
  const { line, column } = range.start;
  const level = severity === 'error' ? t('error') : t('warning');
  return `${file}:${line + 1}:${column + 1}: ${level}: ${message} [${code}]\n    ${hint}`;
}

export function parityText(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const sum =
    findings.length === 0
      ? t('Nothing was found that would not work on Azure Databricks.')
      : t('Errors: {0}, warnings: {1}', errors, findings.length - errors);
  return [...findings.map(findingText), sum].join('\n');
}
