"""One module per provider, installed as ``assistant.adapters`` and reached by entry-point name."""
