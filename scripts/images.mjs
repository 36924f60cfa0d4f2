// `npm run images`: builds the sandbox's images without an image registry, and prints the variables that name them.
import { exec } from './exec.mjs';
import { setUpPackages } from './setup.mjs';

await setUpPackages();
const script =
  "const images = require('./test/support/images.ts'); void images.buildImages().then(() => {" +
  ' for (const [name, value] of Object.entries(images.IMAGES)) console.log(`export ${name}=${value}`); })';
const { code, output } = await exec(process.execPath, ['--import', 'tsx', '-e', script], { echo: false });
const isExport = (line) => line.startsWith('export ');
// Standard output is for `eval`.
const lines = output.split('\n');
if (code === 0) console.log(lines.filter(isExport).join('\n'));
else console.error(output);
process.exitCode = code;
