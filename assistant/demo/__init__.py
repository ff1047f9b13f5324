"""A made-up team that lives through two weeks with the assistant, by mail and calendar alone."""
