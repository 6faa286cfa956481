// What the tests' author is told with every runner.

/** Rules for tests in any language; each runner adds its own on top. */
export const COMMON_TEST_RULES = `- Each test checks behaviour that the plan states, with concrete expected values (exact texts, numbers, structures). A test that would pass on an empty implementation, or on one that returns an arbitrary value of the right type, is refused; so is one that only checks that something throws, exists or has a type. To test an error, check its class or message as the plan states it.
- Be economical: about 4 to 8 tests a file, each with one reason to fail; several related values may share a test.
- Tests do not depend on their order or on each other. Each makes its own data.
- No network except servers of the test's own on 127.0.0.1, port 0, closed at the end of the test. No sleeping, no waiting for wall time, no reading of the clock, no randomness, no snapshots, no mocks of the modules under test.
- Import only planned files, the standard library and planned packages. Never read source files of the project as text, and never change files of the project: the tree is read-only.
- No skipped, todo, only or retried tests: a test that is not run and passed counts as failed.`;
