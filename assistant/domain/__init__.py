"""What is true: nouns and rules. Pure: no files, no network, no clock."""
