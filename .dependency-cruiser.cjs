// The arrows of ARCHITECTURE.md. Static imports, import() and require() all count.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
    only(
      'core-imports-nothing',
      '^src/core/',
      ['^src/core/'],
      'core is free of the editor, of Node and of client libraries',
    ),
    only('wire-imports-core-types', '^src/wire/', ['^src/(core|wire)/'], 'wire holds contracts only'),
    {
      name: 'wire-takes-types-only',
      severity: 'error',
      from: { path: '^src/wire/' },
      to: { path: '^src/core/', dependencyTypesNot: ['type-only'] },
    },
    only(
      'webviews-import-wire',
      '^src/webviews/',
      ['^src/(webviews|wire)/'],
      'pages know the wire and the DOM',
    ),
    only(
      'editor-imports-core-and-wire',
      '^src/editor/',
      ['^src/(editor|core|wire)/', '^vscode$'],
      'no client library in the editor',
    ),
    only(
      'terminal-imports-core',
      '^src/terminal/',
      ['^src/(terminal|core)/', '^commander$', 'node_modules/commander/'],
      'the terminal speaks to core',
    ),
    {
      name: 'adapters-import-core',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: {
        path: ['^src/(editor|terminal|webviews|wire)/', '^src/(extension|cli|supervisor)\\.ts$', '^vscode$'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectJSDocImports: false,
    exoticRequireStrings: [],
    moduleSystems: ['cjs', 'es6', 'amd'],
    builtInModules: { add: ['vscode'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
