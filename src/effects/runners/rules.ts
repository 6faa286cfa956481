// What the tests' author is told with every runner.

/** Rules for tests in any language; each runner adds its own on top. */
export const COMMON_TEST_RULES = `- About 4 to 10 tests a file; the cases of one check may share a test. Each makes its own data; the project's files cannot be written while tests run.
- A test that is skipped, marked as todo, focused or retried counts as failed.`;
