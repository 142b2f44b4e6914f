import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/'] },
  {
    files: ['src/**/*.{ts,tsx}', 'test/**/*.ts'],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    rules: {
      'no-restricted-properties': ['error',
        { property: 'innerHTML', message: 'Data is text: use elements.' },
        { property: 'outerHTML', message: 'Data is text: use elements.' },
        { property: 'insertAdjacentHTML', message: 'Data is text: use elements.' }],
      'no-restricted-syntax': ['error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Data is text: use elements.' },
        { selector: "JSXAttribute[name.name='style'] > Literal", message: 'The content security policy refuses style attributes.' }],
      'no-eval': 'error', 'no-implied-eval': 'error', 'no-new-func': 'error', eqeqeq: 'error',
      'max-lines': ['error', 300],
    },
  },
);
