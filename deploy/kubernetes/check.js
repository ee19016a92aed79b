// Checks the manifests against Kubernetes' own schemas, offline: node deploy/kubernetes/check.js [FOLDER]
//
// Two checks, because each sees what the other does not: the types of kubernetes-models know every
// field (a misspelt one is an error, which the API server would drop in silence), its validators
// know formats and ranges. It prints one line a mistake and ends with code 1 when there is any.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

const folder = process.argv[2] ?? import.meta.dirname;

/** Where the models of an API version come from; kustomization files have none. */
function modelsOf(apiVersion) {
  if (apiVersion.startsWith('kustomize.config.k8s.io/')) return undefined;
  return apiVersion.startsWith('monitoring.coreos.com/')
    ? `@kubernetes-models/prometheus-operator/${apiVersion}`
    : `kubernetes-models/${apiVersion}`;
}

function readManifests() {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => {
      const documents = parseAllDocuments(readFileSync(join(folder, name), 'utf8'));
      return documents.map((document) => {
        const [mistake] = document.errors;
        if (mistake) throw new Error(`${name}: ${mistake.message}`);
        const data = document.toJS();
        return { name, data, models: modelsOf(String(data?.apiVersion)) };
      });
    })
    .filter(({ models }) => models !== undefined);
}

/** Unknown and missing fields, wrong types: each manifest becomes a typed constant. */
function checkTypes(manifests) {
  const options = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es5.d.ts'],
    types: [],
  };
  const texts = new Map(
    manifests.map(({ data, models }, index) => [
      join(import.meta.dirname, `manifest-${index}.ts`),
      `import type * as models from '${models}';\n` +
        `export const manifest: models.I${data.kind} = ${JSON.stringify(data, null, 1)};\n`,
    ]),
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    texts.has(file)
      ? ts.createSourceFile(file, texts.get(file), options.target)
      : getSourceFile(file, ...rest);
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts].flatMap(([file, text], index) =>
    program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ start, messageText }) => {
      const near = text.slice(start, text.indexOf('\n', start)).trim();
      const reason = ts.flattenDiagnosticMessageText(messageText, ' ');
      return `${manifests[index].name}: at ${near} ${reason}`;
    }),
  );
}

/** Formats and ranges. */
async function checkValues(manifests) {
  const mistakes = manifests.map(async ({ name, data, models }) => {
    const { [data.kind]: Model } = await import(models);
    if (Model === undefined) return [`${name}: ${data.apiVersion} has no ${data.kind}`];
    try {
      new Model(data).validate();
      return [];
    } catch (error) {
      return [`${name}: ${error.message}`];
    }
  });
  return (await Promise.all(mistakes)).flat();
}

const manifests = readManifests();
const mistakes = [...checkTypes(manifests), ...(await checkValues(manifests))];
for (const mistake of mistakes) console.error(relative('.', join(folder, mistake)));
console.log(`${manifests.length} manifests, ${mistakes.length} mistakes`);
process.exitCode = mistakes.length > 0 || manifests.length === 0 ? 1 : 0;
