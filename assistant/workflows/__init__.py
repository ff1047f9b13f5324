"""What the assistant does, one module per habit. Never touches the network or reads the clock."""
