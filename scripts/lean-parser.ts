import type { Plugin } from 'esbuild';

interface LeftOut {
  /** What is called, and throws here. */
  readonly throws?: readonly string[];
  /** What is only looked at, or made and then not used, while other code runs. */
  readonly empty?: readonly string[];
}

/**
 * Parts of fast-xml-parser for what our reader never asks of it (wechatpay/xml.ts): it refuses a DOCTYPE before the parser
 * sees it, checks the message itself, decodes references itself, and wants neither numbers nor objects. Together they are
 * more than half of the parser, and would be compiled at every cold start of every function. Each is replaced by a stub
 * that throws its name when it is used.
 */
export const LEFT_OUT_OF_PARSER: Readonly<Record<string, LeftOut>> = {
  // A table that is copied for every message, and then not used where a decoder is given.
  '@nodable/entities': {
    throws: ['EntityDecoder'],
    empty: ['XML', 'COMMON_HTML', 'CURRENCY', 'ENTITY_ACTION'],
  },
  'is-unsafe': { throws: ['isUnsafe'], empty: ['HTML', 'XML'] },
  strnum: { throws: ['default'] },
  './DocTypeReader.js': { empty: ['default'] },
  './node2json.js': { throws: ['default'] },
  '../validator.js': { throws: ['validate'] },
};

/** Bundles fast-xml-parser without the list above. */
export const leanParser: Plugin = {
  name: 'lean-parser',
  setup(esbuild) {
    esbuild.onResolve({ filter: /./ }, ({ path: name, importer }) =>
      Object.hasOwn(LEFT_OUT_OF_PARSER, name) && /[\\/]fast-xml-parser[\\/]src[\\/]/.test(importer)
        ? { path: name, namespace: 'left-out-of-parser', sideEffects: false }
        : undefined,
    );
    esbuild.onLoad({ filter: /./, namespace: 'left-out-of-parser' }, ({ path: name }) => {
      const { throws = [], empty = [] } = LEFT_OUT_OF_PARSER[name] ?? {};
      const message = `${name} of fast-xml-parser is left out of this bundle: see scripts/lean-parser.ts`;
      const names = [
        ...throws.map((each) => `missing as ${each}`),
        ...empty.map((each) => `Nothing as ${each}`),
      ];
      return {
        contents: `function missing() { throw new Error(${JSON.stringify(message)}); }
          class Nothing {}
          export { ${names.join(', ')} };`,
      };
    });
  },
};
