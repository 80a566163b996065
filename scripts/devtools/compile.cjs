/* Compiles the project in the given folder with miniprogram-ci, as an upload would, but uploads nothing. CommonJS, because
 * what it replaces must be replaced before miniprogram-ci is loaded. Prints `problem: …` lines; exit code 1 when there are any. */
const dns = require('node:dns');

// It asks a server in the background which file types are allowed. There must be no network here, and finding none quickly
// saves the seconds of a name that does not resolve.
dns.lookup = (_name, options, callback) => (callback ?? options)(new Error('check:devtools works offline'));

const ci = require('miniprogram-ci');

async function main([folder]) {
  const { appid } = require(`${folder}/project.config.json`);
  const project = new ci.Project({
    appid,
    type: 'miniProgram',
    projectPath: folder,
    // Never used: the attributes that it would sign a request for are given below.
    privateKey: 'none',
    ignores: ['node_modules/**/*'],
    attr: async () => ci.DefaultProjectAttr,
  });
  await ci.getCompiledResult({
    project,
    version: '0.0.0',
    desc: 'check:devtools',
    setting: { useProjectConfig: true },
    onProgressUpdate() {},
    threads: 0,
  });
  const quality = await ci.checkCodeQuality(project);
  return quality.filter(({ success }) => success === false).map(({ name, text }) => `${name}: ${text}`);
}

main(process.argv.slice(2)).then(
  (problems) => {
    for (const problem of problems) console.log(`problem: ${problem}`);
    process.exit(problems.length > 0 ? 1 : 0);
  },
  (error) => {
    console.log(`problem: ${error.code ?? ''} ${String(error.message ?? error).replaceAll('\n', ' ')}`);
    process.exit(1);
  },
);
