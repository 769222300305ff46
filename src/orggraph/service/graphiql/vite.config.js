// Bundles main.jsx into built/: files named by their hashes, each also as .gz and .br, and a manifest that says which to load
// first. Nothing in them has an address elsewhere, and no file holds another as a data: address, so that the page's policy
// may be strict.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const OUT = 'built';
const FONT = /url\(data:font\/(\w+);base64,([^)]+)\)/g;

// GraphiQL's style holds its fonts; here each becomes a file of its own, which the browser fetches only if it needs it.
const fonts = {
  name: 'fonts',
  generateBundle(_, bundle) {
    for (const style of Object.values(bundle).filter((one) => one.fileName.endsWith('.css'))) {
      style.source = String(style.source).replace(FONT, (_, kind, base64) => {
        const source = Buffer.from(base64, 'base64');
        const fileName = `font-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.${kind}`;
        this.emitFile({ type: 'asset', fileName, source });
        return `url(./${fileName})`;
      });
    }
  },
};

const compressed = {
  name: 'compressed',
  async closeBundle() {
    const files = (await readdir(OUT)).filter((name) => /\.(js|css|ttf)$/.test(name));
    await Promise.all(files.map(async (name) => {
      const bytes = await readFile(join(OUT, name));
      await writeFile(join(OUT, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }));
      await writeFile(join(OUT, `${name}.br`), await promisify(brotliCompress)(bytes));
    }));
  },
};

export default {
  base: './', // the page may stand below any path of a proxy
  logLevel: 'warn',
  plugins: [fonts, compressed],
  build: {
    outDir: OUT,
    assetsDir: '',
    manifest: 'manifest.json',
    license: { fileName: 'LICENSES.md' },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000, // kB: the editor is so large
    reportCompressedSize: false,
    target: 'es2022',
    rolldownOptions: {
      input: 'main.jsx',
      // "use client" is for servers that render React
      onLog: (level, log, tell) => log.code === 'MODULE_LEVEL_DIRECTIVE' || tell(level, log),
    },
  },
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames: '[name]-[hash].js' } } },
};
