// The rules of our JavaScript. Sizes are limited like those of Python modules: a function or module has one purpose.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["static/vendor/", "var/", ".venv/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: "error",
      curly: "error",
      "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["static/js/**/*.js", "tests/browser/*.js"],
    // Browsers that load modules but are a few years old parse no newer syntax, and would run nothing.
    languageOptions: { ecmaVersion: 2019, globals: globals.browser },
  },
];
