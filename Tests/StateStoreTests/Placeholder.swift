// Filled by the target's first tests.
