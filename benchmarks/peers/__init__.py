"""Others' ways to do the same, run in their own virtual environments under ``.bench/``."""
