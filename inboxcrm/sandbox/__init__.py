"""A Gmail server to practise on, over real HTTP: for tests, the demo, rehearsals and benchmarks."""
