/*
 * Compares the public API with the reports in `docs/api/`, so that no change of it goes unnoticed:
 *
 *     tsx tools/api-report.ts             fails when it differs
 *     tsx tools/api-report.ts --update    writes the reports anew
 *
 * It reads the declarations in `dist`.
 */
import { resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const ENTRIES = ['index', 'local', 'server', 'testing', 'evaluation'];

const isUpdate = process.argv.includes('--update');
let isSame = true;
for (const entry of ENTRIES) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: process.cwd(),
      mainEntryPointFilePath: resolve('dist', `${entry}.d.ts`),
      compiler: { tsconfigFilePath: resolve('tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${entry}.api.md`,
        reportFolder: resolve('docs/api'),
        reportTempFolder: resolve('node_modules/.cache/api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        // What is said here of docstrings is for TSDoc, and `typedoc` reads them.
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: resolve('package.json'),
  });
  const { apiReportChanged } = Extractor.invoke(config, { localBuild: isUpdate });
  if (apiReportChanged && !isUpdate) {
    isSame = false;
    process.stderr.write(`The public API of ${entry} is not that of docs/api/${entry}.api.md.\n`);
  }
}
if (!isSame) {
  process.stderr.write('If that is meant, run: npm run api, and look at what has changed.\n');
  process.exitCode = 1;
}
