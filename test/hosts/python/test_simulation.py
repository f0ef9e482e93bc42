import unittest

from simulation import World

SEEDS = range(400)


class SimulationTest(unittest.TestCase):
    def test_never_two_at_once_and_tokens_grow(self):
        starts = 0
        for seed in SEEDS:
            with self.subTest(seed=seed):
                world = World(seed)
                world.run()
                self.assertEqual(len(world.trading()), 1, "after the trouble, somebody trades")
                starts += world.starts
        # Otherwise the seeds would show nothing.
        self.assertGreater(starts, 8 * len(SEEDS))


if __name__ == "__main__":
    unittest.main()
