package org.ongsung.transcript.line;

import org.ongsung.model.FileOperation;

/// A file operation with its place among those of the database.
public record NumberedOperation(long id, FileOperation operation) {}
