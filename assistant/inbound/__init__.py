"""From raw bytes to what a person meant. Pure: nothing here sends, stores or reads a clock."""
