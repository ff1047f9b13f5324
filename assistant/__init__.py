"""An assistant that runs a team's rhythm by mail and calendar."""

__version__ = "0.1.0"
