"""Questions that have a name: a document in a folder, with what it asks in words, its parameters and its table's columns."""
